package gradus.tokenizer.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.TokenizerException;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.WordPiece;
import gradus.tokenizer.bpe.ByteAlphabet;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.json.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Small folders whose files say more than the vocabulary alone. [FolderGoldenTest] holds many more to
/// transformers.
class TokenizerFolderTest {
    private static final String PIECES = "[UNK]\n[CLS]\n[SEP]\n[PAD]\n[MASK]\nhello\nHello\n";

    @TempDir
    Path folder;

    private void write(String name, String content) {
        try {
            Files.writeString(folder.resolve(name), content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private TokenizerPipeline load() {
        return (TokenizerPipeline) Tokenizers.load(folder);
    }

    private void refused(String what) {
        assertThatThrownBy(this::load)
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining(what)
                .hasMessageContaining(folder.toString());
    }

    /// The 256 symbols of bytes in the order of their code points, and more.
    private static String symbols(String... more) {
        var vocabulary = JsonFile.object();
        for (byte b : ByteAlphabet.inSymbolOrder()) {
            vocabulary.put(ByteAlphabet.spell(new byte[] {b}), vocabulary.size());
        }
        for (String token : more) {
            vocabulary.put(token, vocabulary.size());
        }
        return JsonFile.compact(vocabulary);
    }

    private void tabX(String config) {
        write("vocab.json", symbols("ĉx"));
        write("merges.txt", "ĉ x\n");
        write("tokenizer_config.json", config);
    }

    @Test
    void x1_vocabJsonBesideQwen2TokenizerConfigIsCutAsQwen2Does() {
        tabX("{\"tokenizer_class\":\"Qwen2Tokenizer\"}");
        assertThat(load().encode("\tx")).containsExactly(256);
        tabX("{\"tokenizer_class\":\"GPT2Tokenizer\"}");
        assertThat(load().encode("\tx")).containsExactly(197, 87);
    }

    @Test
    void x1_addPrefixSpaceIsObeyed() {
        tabX("{\"tokenizer_class\":\"GPT2Tokenizer\",\"add_prefix_space\":true}");
        assertThat(load().encode("x")).containsExactly(220, 87);
        assertThat(load().encode(" x")).containsExactly(220, 87);
        tabX("{\"tokenizer_class\":\"Qwen2Tokenizer\",\"add_prefix_space\":true}");
        assertThat(load().encode("a\tx")).containsExactly(220, 64, 220, 256);
    }

    /// Qwen2's class adds every special token anew, without flags; GPT-2's keeps them.
    @Test
    void x1_flagsOfSpecialTokensAreHeededByEveryClassButQwen2s() {
        String token = "{\"__type\":\"AddedToken\",\"content\":\"<r>\",\"single_word\":true,\"rstrip\":true}";
        tabX("{\"tokenizer_class\":\"GPT2Tokenizer\",\"mask_token\":" + token + "}");
        int mask = load().tokenToId("<r>");
        assertThat(load().encode("<r>a", Set.of("<r>"))).doesNotContain(mask);
        assertThat(load().encode("<r> a", Set.of("<r>"))).containsExactly(mask, 64);
        tabX("{\"tokenizer_class\":\"Qwen2Tokenizer\",\"mask_token\":" + token + "}");
        assertThat(load().encode("<r>a", Set.of("<r>"))).containsExactly(mask, 64);
        assertThat(load().encode("<r> a", Set.of("<r>"))).containsExactly(mask, 220, 64);
    }

    @Test
    void x1_ofSeveralRolesOfOneTokenTheLastOnesFlagsHold() {
        String strips = "{\"__type\":\"AddedToken\",\"content\":\"<r>\",\"rstrip\":true}";
        tabX("{\"tokenizer_class\":\"GPT2Tokenizer\",\"bos_token\":\"<r>\",\"pad_token\":" + strips + "}");
        assertThat(load().encode("<r> a", Set.of("<r>"))).hasSize(2);
        tabX("{\"tokenizer_class\":\"GPT2Tokenizer\",\"bos_token\":" + strips + ",\"pad_token\":\"<r>\"}");
        assertThat(load().encode("<r> a", Set.of("<r>"))).hasSize(3);
    }

    /// `extra_special_tokens` of tokenizer_config.json, empty or not, goes before the older name in
    /// special_tokens_map.json; under the newer name the map adds to them.
    @Test
    void x1_furtherSpecialTokensOfBothFiles() {
        assertThat(further("[]", "\"additional_special_tokens\":[\"<a>\"]")).isEmpty();
        assertThat(further("null", "\"additional_special_tokens\":[\"<a>\"]")).isEmpty();
        assertThat(further("[\"<e>\"]", "\"additional_special_tokens\":[\"<a>\"]"))
                .containsExactly("<e>");
        assertThat(further("[\"<e>\"]", "\"extra_special_tokens\":[\"<a>\",\"<e>\"]"))
                .containsExactly("<e>", "<a>");
        assertThat(further("{\"x_token\":\"<x>\"}", "\"additional_special_tokens\":[\"<a>\"]"))
                .containsExactly("<x>", "<a>");
    }

    private Set<String> further(String inConfig, String inMap) {
        tabX("{\"tokenizer_class\":\"GPT2Tokenizer\",\"extra_special_tokens\":" + inConfig + "}");
        write("special_tokens_map.json", "{" + inMap + "}");
        Set<String> tokens = new LinkedHashSet<>(load().specialTokens());
        tokens.remove("<|endoftext|>");
        return tokens;
    }

    /// CodeGen's save_pretrained writes it.
    @Test
    void x1_whatACallReturnsBesideTheIdsIsHarmless() {
        tabX("{\"tokenizer_class\":\"CodeGenTokenizer\",\"return_token_type_ids\":false}");
        assertThat(load().encode("\tx")).containsExactly(197, 87);
    }

    @Test
    void x1_aClassThatDoesNotTellTheCutIsRefusedByName() {
        for (String name : List.of("PreTrainedTokenizerFast", "CLIPTokenizer", "BertTokenizer")) {
            tabX("{\"tokenizer_class\":\"" + name + "\"}");
            refused("'" + name + "' does not tell");
        }
        tabX("{}");
        write("config.json", "{\"model_type\":\"llama\"}");
        refused("model type llama");
    }

    @Test
    void x1_anUnknownKeyIsRefusedByName() {
        tabX("{\"tokenizer_class\":\"GPT2Tokenizer\",\"cut_backwards\":true}");
        refused("cut_backwards");
        tabX("{\"tokenizer_class\":\"GPT2Tokenizer\",\"do_lower_case\":true}");
        refused("do_lower_case");
    }

    @Test
    void x2_doLowerCaseFalseIsObeyed() {
        write("vocab.txt", PIECES);
        write("tokenizer_config.json", "{\"do_lower_case\":false}");
        assertThat(load().encode("Hello")).containsExactly(6);
        write("tokenizer_config.json", "{\"do_lower_case\":true}");
        assertThat(load().encode("Hello")).containsExactly(5);
    }

    @Test
    void x2_aTokenizerJsonWithAContradictingConfigFollowsTheConfigOrIsRefused() throws IOException {
        write("vocab.txt", PIECES);
        write("tokenizer_config.json", "{\"tokenizer_class\":\"BertTokenizer\",\"do_lower_case\":false}");
        Tokenizers.save(load(), folder);
        write("tokenizer_config.json", "{\"tokenizer_class\":\"BertTokenizer\",\"do_lower_case\":true}");
        assertThat(load().encode("Hello")).containsExactly(5);
        write("tokenizer_config.json", "{\"tokenizer_class\":\"PreTrainedTokenizerFast\",\"do_lower_case\":true}");
        refused("leaves open");
        Files.delete(folder.resolve("tokenizer_config.json"));
        assertThat(load().encode("Hello")).containsExactly(6);
    }

    @Test
    void x2_wordsThatAreNeverToBeSplitAreRefused() {
        write("vocab.txt", PIECES);
        write("tokenizer_config.json", "{\"never_split\":[\"[CLS]\"]}");
        assertThat(load().encode("hello")).containsExactly(5);
        write("tokenizer_config.json", "{\"never_split\":[\"Hello!\"]}");
        refused("never_split[0]");
        write("tokenizer_config.json", "{\"do_basic_tokenize\":false}");
        refused("do_basic_tokenize");
        write("tokenizer_config.json", "{\"tokenizer_class\":\"MPNetTokenizer\"}");
        refused("MPNetTokenizer");
    }

    @Test
    void f5_addedTokensBesideVocabJsonAreFound() {
        tabX("{\"tokenizer_class\":\"GPT2Tokenizer\",\"eos_token\":\"<end>\",\"bos_token\":null,\"unk_token\":null}");
        write("added_tokens.json", "{\"<end>\":257,\"<tool>\":258}");
        TokenizerPipeline tokenizer = load();
        assertThat(tokenizer.specialTokens()).containsExactly("<end>");
        assertThat(tokenizer.encode("<tool>", tokenizer.specialTokens())).containsExactly(258);
        assertThat(tokenizer.encode("<end>", tokenizer.specialTokens())).containsExactly(257);
        assertThat(tokenizer.encode("<end>")).hasSize(5);
        assertThat(tokenizer.roles().eos()).containsExactly(257);
        assertThat(tokenizer.roles().bos()).isEmpty();
        write("added_tokens.json", "{\"<end>\":257,\"<tool>\":257}");
        refused("has the id of");
        write("added_tokens.json", "{\"x\":3}");
        refused("gives the added token 'x' the id 3");
        write("added_tokens.json", "{\"<tool>\":3}");
        refused("gives the id 3 to the added token '<tool>'");
    }

    @Test
    void f7_rolesFlagsAndChatTemplatesAreCarriedThereAndBack() throws IOException {
        tabX("""
                {"tokenizer_class":"GPT2Tokenizer","add_bos_token":true,"add_eos_token":false,"bos_token":"<s>",
                "eos_token":"</s>","pad_token":"<pad>","chat_template":"{{ messages }}","image_token":"<img>"}""");
        SpecialTokens roles = load().roles();
        assertThat(roles.bos()).hasValue(257);
        assertThat(roles.eos()).containsExactly(258);
        assertThat(roles.addBos()).contains(true);
        assertThat(roles.addEos()).contains(false);
        assertThat(roles.chatTemplate()).contains("{{ messages }}");
        assertThat(load().tokenToId("<img>")).isEqualTo(261);
        assertThat(load().encodeForModel("x").ids()).containsExactly(257, 87);

        Path saved = folder.resolve("saved");
        Tokenizers.save(load(), saved);
        assertThat(Tokenizers.load(saved).roles()).isEqualTo(roles);

        write("chat_template.jinja", "\uFEFFfrom the file");
        Files.createDirectory(folder.resolve("additional_chat_templates"));
        write("additional_chat_templates/tools.jinja", "with tools");
        assertThat(load().roles().chatTemplates()).isEqualTo(Map.of("default", "from the file", "tools", "with tools"));
        Tokenizers.save(load(), saved);
        assertThat(Tokenizers.load(saved).roles()).isEqualTo(load().roles());
    }

    @Test
    void f7_nothingIsGuessedWhereTheFilesSayNothing() throws IOException {
        tabX("{\"tokenizer_class\":\"GPT2Tokenizer\"}");
        Tokenizers.save(load(), folder);
        Files.delete(folder.resolve("tokenizer_config.json"));
        assertThat(load().roles()).isEqualTo(SpecialTokens.NONE);
        Files.delete(folder.resolve("tokenizer.json"));
        assertThat(load().roles()).isEqualTo(SpecialTokens.NONE); // no class, and no <|endoftext|> in the vocabulary
    }

    @Test
    void f7_severalEndsAreOneList() {
        tabX("{\"tokenizer_class\":\"GPT2Tokenizer\",\"bos_token\":\"<s>\",\"eos_token\":\"</s>\",\"unk_token\":null}");
        TokenizerPipeline tokenizer = load();
        TokenizerPipeline more = tokenizer.withRoles(tokenizer.roles().withEos(List.of(258, 87, 258)));
        assertThat(more.roles().eos()).containsExactly(258, 87);
        assertThat(more.roles().byName()).isEqualTo(Map.of("bos_token", 257, "eos_token", 258));
        assertThat(more.encode("x")).isEqualTo(tokenizer.encode("x"));
        assertThat(Tokenizers.fingerprint(more)).isEqualTo(Tokenizers.fingerprint(tokenizer));
        assertThatThrownBy(() -> tokenizer.withRoles(SpecialTokens.NONE.withPad(9999)))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("9999");
        assertThatThrownBy(() -> SpecialTokens.NONE.withBos(-1)).isInstanceOf(TokenizerException.class);
        SpecialTokens all = SpecialTokens.NONE
                .withBos(1)
                .withEos(List.of(2))
                .withPad(3)
                .withUnk(4)
                .withSep(5)
                .withCls(6)
                .withMask(7);
        assertThat(all.byName().values()).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7);
        assertThat(all.unk()).isEqualTo(OptionalInt.of(4));
        assertThat(all.chatTemplate()).isEqualTo(Optional.empty());
    }

    @Test
    void f14_aByteOrderMarkIsNoPartOfAVocabulary() {
        write("vocab.txt", "\uFEFF" + PIECES);
        assertThat(load().idToToken(0)).isEqualTo("[UNK]");
        tabX("\uFEFF{\"tokenizer_class\":\"GPT2Tokenizer\"}");
        write("merges.txt", "\uFEFF#version: 0.2\nĉ x\n");
        assertThat(((ByteLevelBpe) load()).mergeCount()).isEqualTo(1);
    }

    // BAD-INPUT 75
    @Test
    void holesAmongIdsHaveNoToken() {
        write("vocab.json", "{\"a\":0,\"b\":2,\"c\":5}");
        write("merges.txt", "");
        Tokenizer tokenizer = load();
        assertThat(tokenizer.vocabularySize()).isEqualTo(6);
        assertThat(tokenizer.encode("abc")).containsExactly(0, 2, 5);
        var has = new ArrayList<Boolean>();
        for (int id = -1; id < 7; id++) {
            has.add(tokenizer.hasToken(id));
        }
        assertThat(has).containsExactly(false, true, false, true, false, false, true, false);
        assertThat(tokenizer.idToToken(1)).isEmpty();
        assertThat(tokenizer.decode(1, 0, 3, 5)).isEqualTo("ac");
        Path saved = folder.resolve("saved");
        Tokenizers.save(tokenizer, saved);
        assertThat(Tokenizers.fingerprint(Tokenizers.load(saved))).isEqualTo(Tokenizers.fingerprint(tokenizer));
        write("vocab.json", "{\"a\":0,\"b\":2147483647}");
        refused("may be without a token");

        write("vocab.txt", PIECES + "\n \nlast\u3000\n");
        write("vocab.json", "gone");
        assertThatThrownBy(this::load).isInstanceOf(TokenizerException.class);
    }

    @Test
    void emptyLinesOfVocabTxtAreHoles() {
        write("vocab.txt", PIECES + "\n \nlast\u3000\n");
        Tokenizer tokenizer = load();
        assertThat(tokenizer.encode("last hello")).containsExactly(9, 5);
        assertThat(tokenizer.hasToken(7)).isFalse();
        assertThat(tokenizer.decode(7, 5, 8, 9))
                .isEqualTo("hello last"); // a hole at the beginning is not the beginning
        VocabTxt.write((WordPiece) tokenizer, folder.resolve("saved"));
        assertThat(Tokenizers.load(folder.resolve("saved")).encode("last")).containsExactly(9);
    }

    @Test
    void sidesOfPaddingAndTruncationAreTheConfigs() throws IOException {
        write("vocab.txt", PIECES);
        JsonFields root = JsonFile.parse(
                JsonFile.compact(Tokenizers.json(load())).getBytes(java.nio.charset.StandardCharsets.UTF_8), "made");
        var json = (tools.jackson.databind.node.ObjectNode) root.node();
        json.putObject("truncation")
                .put("direction", "Right")
                .put("max_length", 3)
                .put("strategy", "LongestFirst")
                .put("stride", 0);
        json.putObject("padding")
                .put("strategy", "BatchLongest")
                .put("direction", "Right")
                .put("pad_id", 3);
        write("tokenizer.json", JsonFile.compact(json));
        assertThat(load().encodeForModel("hello world").ids()).containsExactly(1, 5, 2);
        assertThat(load().padding().orElseThrow().onLeft()).isFalse();
        write("tokenizer_config.json", "{\"truncation_side\":\"left\",\"padding_side\":\"left\"}");
        assertThat(load().encodeForModel("hello world").ids()).containsExactly(1, 0, 2);
        assertThat(load().padding().orElseThrow().onLeft()).isTrue();
        write("tokenizer_config.json", "{\"truncation_side\":\"top\"}");
        refused("must be left or right");
    }

    @Test
    void f9_addedTokensThatAreNotSpecialStayTokensThereAndBack() {
        tabX("{\"tokenizer_class\":\"GPT2Tokenizer\"}");
        write("added_tokens.json", "{\"<tool>\":257}");
        var tokenizer = (ByteLevelBpe) load();
        assertThat(tokenizer.encode("a<tool>b")).containsExactly(64, 257, 65);
        assertThat(tokenizer.decode(64, 257, 65)).isEqualTo("a<tool>b");
        Path saved = folder.resolve("saved");
        Tokenizers.save(tokenizer, saved);
        assertThat(Tokenizers.load(saved).encode("a<tool>b")).containsExactly(64, 257, 65);
        BpeParts parts = BpeParts.of(tokenizer);
        assertThat(parts.userDefined()).containsExactly(257);
        assertThat(parts.special()).containsExactly(258);
        ByteLevelBpe again = parts.build();
        assertThat(again.encode("a<tool>b")).containsExactly(64, 257, 65);
        assertThat(again.specialTokens()).isEqualTo(Set.of("<|endoftext|>"));
        assertThat(BpeParts.of(again)).isEqualTo(parts);
    }
}
