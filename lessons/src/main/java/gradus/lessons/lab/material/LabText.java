package gradus.lessons.lab.material;

import gradus.error.UsageException;
import gradus.train.corpus.Corpus;
import picocli.CommandLine.Option;

/// Which text an experiment learns from, and how much of it only measures.
public final class LabText {
    @Option(
            names = "--data",
            paramLabel = "<file>",
            description = "UTF-8 text whose characters are learned, or wordnet; default wordnet")
    private String data = Corpus.WORDNET;

    @Option(
            names = "--held-out",
            paramLabel = "<n>",
            description = "characters to measure with; default ${DEFAULT-VALUE}")
    private int heldOut;

    /// @param usual characters that are held out, unless somebody says another number
    public LabText(int usual) {
        this.heldOut = usual;
    }

    /// What the text is called: `wordnet`, or a file.
    public String name() {
        return data;
    }

    /// How many characters are held out.
    public int heldOut() {
        return heldOut;
    }

    /// Refuses to hold out less than one batch.
    ///
    /// @param least characters of a batch
    /// @throws UsageException if it is fewer
    public void requireHeldOut(int least) {
        if (heldOut < least) {
            throw new UsageException("--held-out must be at least %s, one batch; got %s".formatted(least, heldOut));
        }
    }

    /// Reads it.
    ///
    /// @param least characters that must be held out
    /// @throws UsageException             if fewer are
    /// @throws gradus.error.DataException if it cannot be read, is too short or has too many different characters
    public HeldOutText read(int least) {
        requireHeldOut(least);
        return HeldOutText.of(data, heldOut);
    }
}
