package gradus.train.pretrained.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.Layer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.train.generate.Sampling;
import gradus.train.pretrained.GenerationConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Ollama would read, by a reader of its own here: ollama/ollama, `parser/parser.go`, character by character.
class ModelfileTest {
    private static final Path GGUF = Path.of("model.gguf");

    @TempDir
    private Path folder;

    /// The commands of a file, each with what stands behind it.
    private static List<Map.Entry<String, String>> parsed(String text) {
        List<Map.Entry<String, String>> commands = new ArrayList<>();
        String rest = text;
        while (!rest.isEmpty()) {
            if (rest.startsWith("#")) {
                rest = rest.substring(rest.indexOf('\n') + 1);
                continue;
            }
            int names = rest.startsWith("PARAMETER ") ? rest.indexOf(' ', "PARAMETER ".length()) : rest.indexOf(' ');
            StringBuilder value = new StringBuilder();
            int at = names + 1;
            for (; ; at++) {
                char c = rest.charAt(at);
                String form = value.toString().strip();
                boolean triple = form.startsWith("\"\"\"");
                boolean closed = triple
                        ? form.length() >= 6 && form.endsWith("\"\"\"")
                        : !form.startsWith("\"") || form.length() >= 2 && form.endsWith("\"");
                if (c == '\n' && closed) {
                    int quotes = triple ? 3 : form.startsWith("\"") ? 1 : 0;
                    commands.add(Map.entry(rest.substring(0, names), form.substring(quotes, form.length() - quotes)));
                    break;
                }
                if (c == '\n' || c == '\t' || Character.getType(c) != Character.CONTROL) {
                    value.append(c);
                }
            }
            rest = rest.substring(at + 1);
        }
        return commands;
    }

    private static List<String> values(Modelfile file, String command) {
        return parsed(file.toString()).stream()
                .filter(entry -> entry.getKey().equals(command))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static GgufModel llama(TokenizerPipeline tokenizer) {
        return new GgufModel(GgufSamples.model("LLAMA"), tokenizer);
    }

    private static final GgufModel LLAMA = llama(GgufSamples.bytes());

    private static GenerationConfig with(Sampling sampling, int beams, List<String> stops) {
        return new GenerationConfig(
                OptionalInt.empty(),
                List.of(),
                OptionalInt.empty(),
                Optional.ofNullable(sampling),
                OptionalInt.of(beams),
                OptionalInt.of(99),
                stops);
    }

    @Test
    void withoutDefaultsOfItsOwn() {
        assertThat(parsed(new Modelfile(GGUF, LLAMA, GenerationConfig.NONE).toString()))
                .containsExactly(
                        Map.entry("FROM", "./model.gguf"),
                        Map.entry("TEMPLATE", "{{ .Prompt }}"),
                        Map.entry("PARAMETER num_ctx", "16"),
                        Map.entry("PARAMETER temperature", "0.8"),
                        Map.entry("PARAMETER top_k", "40"),
                        Map.entry("PARAMETER top_p", "0.95"),
                        Map.entry("PARAMETER min_p", "0.0"),
                        Map.entry("PARAMETER repeat_penalty", "1.0"));
    }

    @Test
    void f7_whatGenerationConfigSaysIsCarried() {
        Modelfile file = new Modelfile(
                GGUF, LLAMA, with(new Sampling(0.6, 20, 0.8, 0.05, 1.05), 1, List.of("\nUser:", "a\"b", "\"x", " y ")));
        assertThat(values(file, "PARAMETER temperature")).containsExactly("0.6");
        assertThat(values(file, "PARAMETER top_k")).containsExactly("20");
        assertThat(values(file, "PARAMETER top_p")).containsExactly("0.8");
        assertThat(values(file, "PARAMETER min_p")).containsExactly("0.05");
        assertThat(values(file, "PARAMETER repeat_penalty")).containsExactly("1.05");
        assertThat(values(file, "PARAMETER repeat_last_n")).containsExactly("-1");
        assertThat(values(file, "PARAMETER num_predict")).containsExactly("99");
        assertThat(values(file, "PARAMETER stop")).containsExactly("\nUser:", "a\"b", "\"x", " y ");
        assertThat(file.leftOut()).isEmpty();

        Modelfile greedy = new Modelfile(GGUF, LLAMA, with(Sampling.greedy(), 1, List.of()));
        assertThat(values(greedy, "PARAMETER temperature")).containsExactly("0.0");
        assertThat(values(greedy, "PARAMETER top_k")).isEmpty();
    }

    @Test
    void f7_whatOllamaCannotBeToldIsSaid() {
        String hopeless = "a\"\"\"\nb\"\nc";
        Modelfile file = new Modelfile(GGUF, LLAMA, with(null, 4, List.of("ok", hopeless, "a\u0000b", "a\u00A0b")));
        assertThat(values(file, "PARAMETER stop")).containsExactly("ok");
        assertThat(file.leftOut())
                .hasSize(4)
                .anySatisfy(what -> assertThat(what).contains("4 beams"));
        assertThat(file.toString()).contains("# left out: a search by 4 beams").doesNotContain("\u0000");
    }

    /// A template of the file's own is Ollama's to find; ours would replace it.
    @Test
    void f7_aChatTemplateIsNotReplaced() {
        TokenizerPipeline tokenizer = GgufSamples.bytes();
        GgufModel chat = llama(tokenizer.withRoles(tokenizer.roles().withChatTemplates(Map.of("default", "{{ x }}"))));
        assertThat(values(new Modelfile(GGUF, chat, GenerationConfig.NONE), "TEMPLATE"))
                .isEmpty();
    }

    @Test
    void anEncoderWritesNothing() {
        Layer bert = GgufSamples.model("BERT");
        GgufModel model = new GgufModel(bert, GgufSamples.words(folder, true), GgufPooling.MEAN);
        assertThat(new Modelfile(Path.of("my \"b\".gguf"), model, GenerationConfig.NONE))
                .hasToString("FROM ./my \"b\".gguf\n");
    }

    @Provide
    private Arbitrary<String> awkward() {
        return Arbitraries.strings()
                .withChars('"', '\n', ' ', '\t', 'a', '#', 'é', '\u0007', '\u2003', '{')
                .ofMaxLength(8);
    }

    /// Whatever is written is read as it was; and little is left out that one of the three ways could have held.
    @Property(tries = 200)
    void everyValueIsReadAsItWasOrLeftOut(@ForAll("awkward") String stop) {
        Modelfile file = new Modelfile(GGUF, LLAMA, with(null, 1, List.of(stop, "last")));
        if (file.leftOut().isEmpty()) {
            assertThat(values(file, "PARAMETER stop")).containsExactly(stop, "last");
        } else {
            assertThat(values(file, "PARAMETER stop")).containsExactly("last");
            boolean printed = stop.indexOf('\u0007') < 0 && stop.indexOf('\u2003') < 0;
            assertThat(printed && stop.indexOf('"') < 0).as(stop).isFalse();
        }
    }
}
