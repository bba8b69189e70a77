package gradus.train.cli;

import gradus.train.checkpoint.GgufType;
import picocli.CommandLine.Option;

/// What `gradus export` and `gradus convert` take alike.
final class ExportOptions {
    @Option(
            names = "--type",
            paramLabel = "<type>",
            description = "what a GGUF file's matrices are stored in: f32 (the default), f16, q8_0 or q4_0")
    GgufType type;

    @Option(names = "--overwrite", description = "replace what is there")
    boolean overwrite;

    GgufType typeOrF32() {
        return type != null ? type : GgufType.F32;
    }
}
