package gradus.train.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import org.junit.jupiter.api.Test;

/// The kind of an entry of WordNet.
class LexicographerFilesTest {

    @Test
    void anEntryByItsLine() {
        assertThat(LexicographerFiles.entry(
                        "02114100 05 n 01 sea_dog 0 001 @ 02084442 n 0000 | a sailor; \"he was an old sea dog\"  "))
                .isEqualTo(new LexicographerFiles.Entry("noun.animal", "sea dog", "a sailor"));
        assertThat(LexicographerFiles.entry("01835496 38 v 01 go 0 000 | move; be in motion"))
                .isEqualTo(new LexicographerFiles.Entry("verb.motion", "go", "move; be in motion"));
        assertThat(LexicographerFiles.entry("00001740 03 n 01 entity 0 000 | that which exists")
                        .file())
                .isEqualTo("noun.Tops");
        assertThat(LexicographerFiles.entry("00001740 44 s 01 baked 0 000 | dried")
                        .file())
                .isEqualTo("adj.ppl");
    }

    @Test
    void aNumberWithoutANameIsRefused() {
        assertThatThrownBy(() -> LexicographerFiles.entry("00001740 45 n 01 entity 0 000 | that which exists"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no lexicographer file 45");
    }
}
