package gradus.train.pretrained.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.layers.model.Llama;
import gradus.tensor.random.Rng;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.format.BpeParts;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeTry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokens with a role, chat templates and types of tokens, there and back.
class GgufRolesTest {
    private static final Llama MODEL = new Llama(GgufSamples.SMALL.withLayers(1), Rng.of(1));

    @TempDir
    private Path folder;

    private TokenizerPipeline tokenizer;

    @BeforeEach
    @BeforeTry
    void read() {
        tokenizer = GgufSamples.bytes();
    }

    private Path write(TokenizerPipeline written) {
        return write(written, folder.resolve("model.gguf"));
    }

    private static Path write(TokenizerPipeline written, Path path) {
        new GgufModel(MODEL, written).write(path, GgufType.F16);
        return path;
    }

    private TokenizerPipeline roundTrip(TokenizerPipeline written) {
        return GgufModel.read(write(written)).tokenizer();
    }

    @Test
    void f7_everyEndIsCarried() {
        SpecialTokens roles = tokenizer
                .roles()
                .withBos(268)
                .withEos(List.of(269, 267))
                .withAddBos(false)
                .withAddEos(false);
        Path path = write(tokenizer.withRoles(roles));
        Gguf file = Gguf.open(path);
        assertThat(file.size("tokenizer.ggml.eos_token_id")).isEqualTo(269);
        assertThat(file.size("tokenizer.ggml.eot_token_id")).isEqualTo(267);
        assertThat(file.has("tokenizer.ggml.eom_token_id")).isFalse();
        assertThat(GgufModel.read(path).tokenizer().roles().eos()).containsExactly(269, 267);

        SpecialTokens three = roles.withEos(List.of(267, 5, 269));
        assertThat(roundTrip(tokenizer.withRoles(three)).roles()).isEqualTo(three);
        TokenizerPipeline four = tokenizer.withRoles(roles.withEos(List.of(1, 2, 3, 4)));
        assertThatThrownBy(() -> write(four))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("[1, 2, 3, 4]");
    }

    /// A source that names one end by an unusual token: no other is guessed beside it.
    @Test
    void f7_nothingIsGuessedBesideWhatTheSourceSays() {
        SpecialTokens roles =
                SpecialTokens.NONE.withEos(List.of(5)).withAddBos(false).withAddEos(false);
        TokenizerPipeline read = roundTrip(tokenizer.withRoles(roles));
        assertThat(read.roles()).isEqualTo(roles);
        assertThat(read.roles().bos()).isEmpty();
    }

    @Test
    void f7_theBeginningBeforeEveryTextIsCarried() {
        SpecialTokens roles = SpecialTokens.NONE
                .withBos(7)
                .withEos(List.of(9))
                .withAddBos(true)
                .withAddEos(true);
        TokenizerPipeline read = roundTrip(tokenizer.withRoles(roles));
        assertThat(read.roles()).isEqualTo(roles);
        int[] text = tokenizer.encode("the whale");
        int[] framed = read.encodeForModel("the whale").ids();
        assertThat(framed).hasSize(text.length + 2).startsWith(7).endsWith(9);
        SpecialTokens neither = roles.withAddBos(false).withAddEos(false);
        assertThat(roundTrip(tokenizer.withRoles(neither))
                        .encodeForModel("the whale")
                        .ids())
                .isEqualTo(text);
    }

    @Test
    void f7_chatTemplatesAreCarried() {
        String template = "{% for m in messages %}{{ m['content'] + \"\\n\" }}{% endfor %}é\u0000";
        SpecialTokens roles = SpecialTokens.NONE
                .withEos(List.of(5))
                .withAddBos(false)
                .withAddEos(false)
                .withChatTemplates(Map.of("default", template, "tool_use", "{{ tools }}", "a.b", "{{ x }}"));
        Path path = write(tokenizer.withRoles(roles));
        assertThat(GgufModel.read(path).tokenizer().roles()).isEqualTo(roles);
        assertThat(Gguf.open(path).text("tokenizer.chat_template")).isEqualTo(template);
        assertThat(Gguf.open(path).texts("tokenizer.chat_templates")).containsExactlyInAnyOrder("tool_use", "a.b");
    }

    @Property(tries = 200)
    void f7_anyRolesComeBack(
            @ForAll @IntRange(max = 255) int bos,
            @ForAll @Size(max = 3) List<@IntRange(max = 255) Integer> eos,
            @ForAll @IntRange(max = 255) int pad,
            @ForAll @IntRange(max = 255) int unk,
            @ForAll boolean addBos,
            @ForAll boolean addEos)
            throws IOException {
        SpecialTokens roles = SpecialTokens.NONE
                .withBos(bos)
                .withEos(eos)
                .withPad(pad)
                .withUnk(unk)
                .withMask(pad)
                .withAddBos(addBos)
                .withAddEos(addEos);
        Path path = Files.createTempFile("gradus", ".gguf");
        try {
            write(tokenizer.withRoles(roles), path);
            assertThat(GgufModel.read(path).tokenizer().roles()).isEqualTo(roles);
        } finally {
            Files.delete(path);
        }
    }

    /// A tokenizer of our own, of which no file says anything.
    @Test
    void rolesOfAnOwnTokenizerAreToldByUsualNames() {
        BpeParts parts = BpeParts.of((ByteLevelBpe) tokenizer);
        TokenizerPipeline own = parts.build();
        assertThat(own.roles()).isEqualTo(SpecialTokens.NONE);
        SpecialTokens roles = roundTrip(own).roles();
        int end = own.tokenToId("<|end_of_text|>");
        assertThat(roles.eos()).containsExactly(end >= 0 ? end : own.tokenToId("<|endoftext|>"));
        assertThat(roles.bos()).isPresent();
        assertThat(roles.addBos()).contains(false);
    }

    /// `a<tool>b` has three tokens, there and back; and a control token is not found in a text.
    @Test
    void f9_addedTokensThatAreNotSpecialStayWhole() {
        BpeParts parts = BpeParts.of((ByteLevelBpe) tokenizer);
        List<String> tokens = new ArrayList<>(parts.tokens());
        int tool = tokens.size();
        tokens.add("<tool>");
        tokens.add(""); // a hole
        tokens.add("<end>");
        Set<Integer> special = new HashSet<>(parts.special());
        special.add(tool + 2);
        TokenizerPipeline with =
                new BpeParts(tokens, parts.merges(), special, Set.of(tool), parts.preTokenizer()).build();
        int[] ids = with.encode("a<tool>b");
        assertThat(ids).hasSize(3).contains(tool);
        Path path = write(with);
        TokenizerPipeline read = GgufModel.read(path).tokenizer();
        assertThat(read.encode("a<tool>b")).isEqualTo(ids);
        assertThat(read.encode("a<end>b")).isEqualTo(with.encode("a<end>b")).doesNotContain(tool + 2);
        assertThat(read.encode("a<end>b", Set.of("<end>"))).hasSize(3).contains(tool + 2);
        assertThat(read.specialTokens()).isEqualTo(with.specialTokens());
        assertThat(read.vocabularySize()).isEqualTo(tool + 3);
        assertThat(read.hasToken(tool + 1)).isFalse();
        long[] types = Gguf.open(path).wholes("tokenizer.ggml.token_type", 300);
        assertThat(types[100]).isEqualTo(1);
        assertThat(types[tool]).isEqualTo(4);
        assertThat(types[tool + 1]).isEqualTo(5);
        assertThat(types[tool + 2]).isEqualTo(3);
        assertThat(types[299]).isEqualTo(5);
    }

    @Test
    void f9_typesThatATokenizerHasNot() {
        Path path = write(tokenizer);
        int[] types = new int[300];
        Arrays.fill(types, 1);
        types[7] = 6;
        Path edited = new GgufEdit(path).key("tokenizer.ggml.token_type", types).write(folder.resolve("edited.gguf"));
        assertThatThrownBy(() -> GgufModel.read(edited))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("token 7 has the type 6");
    }

    @Test
    void idsOutsideTheVocabulary() {
        Path path = write(tokenizer);
        for (String key : new String[] {"bos", "eos", "eot", "eom", "unknown", "seperator", "padding", "cls", "mask"}) {
            Path edited = new GgufEdit(path)
                    .key("tokenizer.ggml." + key + "_token_id", 300L)
                    .write(folder.resolve("edited.gguf"));
            assertThatThrownBy(() -> GgufModel.read(edited))
                    .isInstanceOf(CorruptCheckpointException.class)
                    .hasMessageContaining(edited.toString())
                    .hasMessageContaining(key + "_token_id is 300");
        }
    }

    /// Where the file does not say, llama.cpp puts the beginning before a text of Llama 3, and of no other BPE.
    @Test
    void llama3BeginsTextsUnlessTold() {
        SpecialTokens roles = SpecialTokens.NONE.withBos(7).withEos(List.of(9)).withAddBos(false);
        Path path = write(tokenizer.withRoles(roles));
        String rule = Gguf.open(path).text("tokenizer.ggml.pre");
        TokenizerPipeline read = GgufModel.read(new GgufEdit(path)
                        .key("tokenizer.ggml.add_bos_token", null)
                        .write(folder.resolve("edited.gguf")))
                .tokenizer();
        boolean llama3 = rule.equals("llama-bpe");
        assertThat(read.roles().addBos().orElse(false)).isEqualTo(llama3);
        assertThat(read.encodeForModel("").ids()).hasSize(llama3 ? 1 : 0);
        assertThat(read.roles().bos()).isEqualTo(OptionalInt.of(7));
    }
}
