package gradus.bench;

import java.util.List;
import java.util.Map;

/// Everything one run of `gradus bench tokenizer` measured.
///
/// @param machine  where it ran
/// @param training seconds on the clock to learn 4,096 tokens from WordNet, by threads
/// @param encoding of WordNet
/// @param hard     texts made to be slow
/// @param heap     of training on 100 MB
public record TokenizerFigures(
        Map<String, String> machine,
        Map<Integer, Timing> training,
        List<Encoding> encoding,
        List<Hard> hard,
        Heap heap) {

    /// @param who       whose code: Gradus's or Hugging Face's
    /// @param threads   that share the work
    /// @param megabytes a second on the clock, 10⁶ bytes each
    /// @param cpuMegabytes for each second of processor time
    public record Encoding(String who, int threads, double megabytes, double cpuMegabytes) {}

    /// @param text      what it is made of
    /// @param half      milliseconds for half a megabyte
    /// @param whole     milliseconds for a megabyte
    /// @param ratio     of both, in processor time
    public record Hard(String text, double half, double whole, double ratio) {}

    /// @param megabytes of text
    /// @param limit     MiB of heap that the JVM was given
    /// @param peak      MiB of heap in use at most, garbage included; 0 if the training failed
    /// @param seconds   that it took
    public record Heap(double megabytes, int limit, double peak, double seconds) {}
}
