package gradus.lessons.learn.worker;

import gradus.lessons.learn.exercise.Outcome;
import gradus.lessons.learn.grade.Verdict;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What a worker gives back: never a verdict on what it ran, only what came out. (A text that it compiled is
/// another matter: nothing of it ran.)
///
/// @param outcomes what the answer gave, probe by probe, up to where it was stopped
/// @param stopped  why it was stopped, in a sentence; empty if it was not
/// @param printed  the beginning of what it printed
/// @param prepared what a compilation gave; null after a run
record Reply(List<Outcome> outcomes, String stopped, String printed, Prepared prepared) {
    static Reply of(Prepared prepared) {
        return new Reply(List.of(), "", "", prepared);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(outcomes.size());
        for (Outcome each : outcomes) {
            each.write(out);
        }
        out.writeUTF(stopped);
        out.writeUTF(printed);
        out.writeBoolean(prepared != null);
        if (prepared != null) {
            Verdict verdict = prepared.verdict();
            out.writeBoolean(verdict != null);
            if (verdict != null) {
                out.writeUTF(verdict.kind().name());
                out.writeUTF(verdict.sentence());
                out.writeInt(verdict.details().size());
                for (String line : verdict.details()) {
                    out.writeUTF(line);
                }
            }
            out.writeUTF(prepared.className());
            Request.classes(out, prepared.classes());
        }
    }

    static Reply read(DataInputStream in) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            outcomes.add(Outcome.read(in));
        }
        return new Reply(outcomes, in.readUTF(), in.readUTF(), in.readBoolean() ? prepared(in) : null);
    }

    private static Prepared prepared(DataInputStream in) throws IOException {
        Verdict verdict = null;
        if (in.readBoolean()) {
            Verdict.Kind kind = Verdict.Kind.valueOf(in.readUTF());
            String sentence = in.readUTF();
            List<String> details = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                details.add(in.readUTF());
            }
            verdict = new Verdict(kind, sentence, details);
        }
        return new Prepared(verdict, in.readUTF(), Request.classes(in));
    }
}
