package gradus.lessons.learn.exercise;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What one answer gave on one probe.
///
/// @param seen     what was observed, in order
/// @param failure  what the answer threw, or null
/// @param calls    the calls of the answer, as a learner would write them
/// @param argument the first argument with numbers, to find answers that return their input; null if there is
///     none
public record Outcome(List<Observation> seen, Failure failure, List<String> calls, Observation argument) {
    /// What an answer threw.
    ///
    /// @param type    the exception's simple name
    /// @param message what it says
    /// @param line    the line of the answer it came from, 0 if from none
    public record Failure(String type, String message, int line) {}

    /// The same calls with other observations.
    public Outcome with(List<Observation> others) {
        return new Outcome(others, null, calls, argument);
    }

    public void write(DataOutput out) throws IOException {
        out.writeInt(seen.size());
        for (Observation each : seen) {
            each.write(out);
        }
        out.writeBoolean(failure != null);
        if (failure != null) {
            out.writeUTF(failure.type);
            out.writeUTF(cut(failure.message));
            out.writeInt(failure.line);
        }
        out.writeInt(calls.size());
        for (String call : calls) {
            out.writeUTF(cut(call));
        }
        out.writeBoolean(argument != null);
        if (argument != null) {
            argument.write(out);
        }
    }

    /// Far below the 65,535 bytes that `writeUTF` takes.
    private static String cut(String text) {
        return text.length() <= 2000 ? text : text.substring(0, 2000) + " …";
    }

    public static Outcome read(DataInput in) throws IOException {
        List<Observation> seen = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            seen.add(Observation.read(in));
        }
        Failure failure = in.readBoolean() ? new Failure(in.readUTF(), in.readUTF(), in.readInt()) : null;
        List<String> calls = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            calls.add(in.readUTF());
        }
        return new Outcome(seen, failure, calls, in.readBoolean() ? Observation.read(in) : null);
    }
}
