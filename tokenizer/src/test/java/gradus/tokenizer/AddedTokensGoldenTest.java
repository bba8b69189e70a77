package gradus.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.json.JsonFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/// Thirty-two added tokens, one with each combination of flags, that overlap one another, in 30,000 random
/// texts: the ids of the Rust library, as checksums made by make_folder_golden.py.
public class AddedTokensGoldenTest {
    private static final int NO_ANSWER = 1; // the library gave up: "AddedVocabulary bad split"

    @Test
    void f1_addedTokensWithEveryCombinationOfFlagsAreFoundWhereTheReferenceFindsThem() {
        JsonFields golden = Texts.golden("added-tokens");
        List<String> fragments =
                golden.list("fragments").stream().map(JsonFields::text).toList();
        for (JsonFields row : golden.list("tokenizers")) {
            byte[] file = row.text("file").getBytes(StandardCharsets.UTF_8);
            Tokenizer tokenizer = Tokenizers.read(JsonFile.parse(file, row.text("kind")));
            ByteBuffer sums = ByteBuffer.wrap(Base64.getDecoder().decode(row.text("crc32")));
            var draws = new Texts.Draws(golden.id("seed"), fragments);
            int answers = 0;
            for (int i = 0; i < golden.id("count"); i++) {
                String text = draws.text();
                int[] ids = tokenizer.encode(text, tokenizer.specialTokens());
                int expected = sums.getInt();
                if (expected != NO_ANSWER) {
                    answers++;
                    assertThat(checksum(ids))
                            .as("%s, text %d: '%s' gave %s", row.text("kind"), i, text, Arrays.toString(ids))
                            .isEqualTo(expected);
                }
            }
            assertThat(answers).isGreaterThan(golden.id("count") * 9 / 10);
        }
    }

    private static int checksum(int[] ids) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * ids.length);
        for (int id : ids) {
            bytes.putInt(id);
        }
        var crc = new CRC32();
        crc.update(bytes.array());
        return (int) crc.getValue();
    }
}
