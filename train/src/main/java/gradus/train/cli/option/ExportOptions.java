package gradus.train.cli.option;

import gradus.error.ConfigException;
import gradus.train.checkpoint.GgufType;
import java.util.Iterator;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// What `gradus export` and `gradus convert` take alike.
public final class ExportOptions {
    @Option(
            names = "--type",
            paramLabel = "<type>",
            converter = WrittenType.class,
            completionCandidates = WrittenTypes.class,
            description = "what a GGUF file's matrices are stored in: f32 (the default), f16, bf16, q8_0 or q4_0")
    public GgufType type;

    @Option(names = "--overwrite", description = "replace what is there")
    public boolean overwrite;

    public GgufType typeOrF32() {
        return type != null ? type : GgufType.F32;
    }

    /// Takes the types that are written; more are read.
    static final class WrittenType implements ITypeConverter<GgufType> {
        @Override
        public GgufType convert(String name) {
            try {
                return GgufType.toWrite(name);
            } catch (ConfigException other) {
                throw new TypeConversionException(other.getMessage());
            }
        }
    }

    /// Their names, for the shell.
    static final class WrittenTypes implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return GgufType.written().stream()
                    .map(type -> type.name().toLowerCase(Locale.ROOT))
                    .iterator();
        }
    }
}
