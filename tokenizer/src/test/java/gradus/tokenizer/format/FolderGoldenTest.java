package gradus.tokenizer.format;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.Texts;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.format.config.TokenizerConfigKeys;
import gradus.tokenizer.json.JsonFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Folders without a tokenizer.json give the ids, roles and frames that transformers gives: 281 texts in each.
/// The expected values are made by make_folder_golden.py.
class FolderGoldenTest {
    private static final JsonFields GOLDEN = Texts.golden("folders");
    private static final List<String> TEXTS =
            GOLDEN.list("texts").stream().map(JsonFields::text).toList();

    @TempDir
    Path temporary;

    @Test
    void x1_vocabJsonAndMergesAreCutAsTheirClassSays() throws IOException {
        assertThat(check(name -> !name.startsWith("bert") && !name.contains("added")))
                .isGreaterThanOrEqualTo(15);
    }

    @Test
    void x2_vocabTxtIsNormalisedAsItsConfigSays() throws IOException {
        assertThat(check(name -> (name.startsWith("bert") || name.equals("electra") || name.contains("distil"))
                        && !name.contains("added")))
                .isGreaterThanOrEqualTo(14);
    }

    @Test
    void f5_addedTokensBesideAVocabularyAreHeeded() throws IOException {
        assertThat(check(name -> name.contains("added"))).isGreaterThanOrEqualTo(7);
    }

    private int check(Predicate<String> wanted) throws IOException {
        int checked = 0;
        for (JsonFields row : GOLDEN.list("folders")) {
            String name = row.text("name");
            if (wanted.test(name)) {
                check(name, row, folder(name, row));
                checked++;
            }
        }
        return checked;
    }

    private Path folder(String name, JsonFields row) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve(name));
        for (Map.Entry<String, JsonFields> file : row.object("files").fields().entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue().text());
        }
        return folder;
    }

    private static void check(String name, JsonFields row, Path folder) {
        assertThat(TEXTS).hasSize(281);
        var tokenizer = (TokenizerPipeline) Tokenizers.load(folder);
        List<JsonFields> expected = row.list("ids");
        for (int i = 0; i < TEXTS.size(); i++) {
            String text = TEXTS.get(i);
            assertThat(tokenizer.encode(text, tokenizer.specialTokens()))
                    .as("%s, text %d: '%s'", name, i, text)
                    .isEqualTo(ids(expected.get(i)));
        }
        assertThat(tokenizer.encodeForModel("the the").ids()).as(name).isEqualTo(ids(row.list("framed")));
        assertThat(tokenizer.encodeForModel("the", "hello").ids()).as(name).isEqualTo(ids(row.list("pair")));
        assertThat(roles(tokenizer)).as(name).isEqualTo(commonRoles(row));
        // A hole is no token there, and two empty lines are one.
        assertThat(tokenizer.vocabularySize()).as(name).isBetween(row.id("size"), row.id("size") + 1);
        saved(name, tokenizer, folder.resolveSibling(name + " saved"));
    }

    /// What is saved gives the same ids and roles.
    private static void saved(String name, TokenizerPipeline tokenizer, Path folder) {
        Tokenizers.save(tokenizer, folder);
        var loaded = (TokenizerPipeline) Tokenizers.load(folder);
        for (String text : TEXTS) {
            assertThat(loaded.encode(text, loaded.specialTokens()))
                    .as("%s, saved: '%s'", name, text)
                    .isEqualTo(tokenizer.encode(text, tokenizer.specialTokens()));
        }
        assertThat(loaded.roles()).as(name).isEqualTo(tokenizer.roles());
        assertThat(loaded.encodeForModel("the", "hello").ids())
                .isEqualTo(tokenizer.encodeForModel("the", "hello").ids());
    }

    private static Map<String, Integer> roles(Tokenizer tokenizer) {
        return tokenizer.roles().byName();
    }

    private static Map<String, Integer> commonRoles(JsonFields row) {
        var roles = new LinkedHashMap<String, Integer>();
        row.object("roles").fields().forEach((role, id) -> {
            if (List.of(TokenizerConfigKeys.ROLES).contains(role)) {
                roles.put(role, id.id());
            }
        });
        return roles;
    }

    private static int[] ids(JsonFields list) {
        return ids(list.elements());
    }

    private static int[] ids(List<JsonFields> list) {
        var ids = new ArrayList<Integer>();
        list.forEach(id -> ids.add(id.id()));
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }
}
