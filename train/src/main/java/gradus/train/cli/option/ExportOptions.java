package gradus.train.cli.option;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.tensor.quant.QuantConfig;
import gradus.train.checkpoint.GgufType;
import java.util.Iterator;
import java.util.List;
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

    @Option(
            names = "--quantize",
            paramLabel = "<format>",
            converter = FolderFormat.class,
            completionCandidates = FolderFormats.class,
            description = "what a Hugging Face folder's linear layers are stored in, as bitsandbytes does: nf4-double"
                    + " (4.127 bits a weight) or nf4 (4.5); default float32")
    public QuantConfig quantize;

    @Option(names = "--overwrite", description = "replace what is there")
    public boolean overwrite;

    public GgufType typeOrF32() {
        return type != null ? type : GgufType.F32;
    }

    /// Refuses what belongs to the other kind of file.
    ///
    /// @param gguf   whether a GGUF file is written
    /// @param option how the command was told to write one
    public void require(boolean gguf, String option) {
        if (!gguf && type != null) {
            throw new UsageException(
                    "--type is for %s; a Hugging Face folder is float32, or takes --quantize nf4".formatted(option));
        }
        if (gguf && quantize != null) {
            throw new UsageException("--quantize is for a Hugging Face folder; a GGUF file takes --type q8_0 or q4_0");
        }
    }

    /// Takes what bitsandbytes reads.
    static final class FolderFormat implements ITypeConverter<QuantConfig> {
        static final List<QuantConfig> ALL = List.of(QuantConfig.NF4_DOUBLE, QuantConfig.NF4);

        @Override
        public QuantConfig convert(String name) {
            return ALL.stream()
                    .filter(each -> each.name().equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(() ->
                            new TypeConversionException("the format must be one of nf4-double, nf4; got " + name));
        }
    }

    /// Their names, for the shell.
    static final class FolderFormats implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return FolderFormat.ALL.stream().map(QuantConfig::name).iterator();
        }
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
