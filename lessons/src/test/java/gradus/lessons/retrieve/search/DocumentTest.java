package gradus.lessons.retrieve.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentTest {
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "half \uD800", "\uDC00"})
    void namesThatAreNone(String name) {
        assertThatThrownBy(() -> new Document(name, "text", Map.of(), new Source("x", 0, 4)))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("the id of a document must be a text");
        assertThatThrownBy(() -> Document.of("a", "text").withMetadata(Map.of("key", name)))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("the value of key must be a text");
        assertThatThrownBy(() -> Document.of("a", "text").withMetadata(Map.of(name, "value")))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Source(name, 0, 1)).isInstanceOf(ConfigException.class);
    }

    @Test
    void namesThatAreTooLongAndTextsThatAreNone() {
        assertThatThrownBy(() -> Document.of("x".repeat(8001), "")).isInstanceOf(ConfigException.class);
        assertThat(Document.of("x".repeat(8000), "").id()).hasSize(8000);
        assertThatThrownBy(() -> Document.of("a", "\uDC00\uD800"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("document a: its text is null or has half a character");
        assertThatThrownBy(() -> new Source("f", 3, 2))
                .isInstanceOf(ConfigException.class)
                .hasMessage("f: the offsets of a document must be 0 <= start <= end; got 3 and 2");
        assertThatThrownBy(() -> new Source("f", -1, 2)).isInstanceOf(ConfigException.class);
    }

    @ParameterizedTest
    @CsvSource({"12,true", "-1.5e3,true", "+0.5,true", "1d,false", "0x10,false", "NaN,false", "1.,false", "' 1',false"})
    void numbersAreDecimal(String value, boolean number) {
        assertThat(Filter.number(value).isPresent()).isEqualTo(number);
    }

    @Test
    void filtersByHand() {
        Map<String, String> book = Map.of("year", "1912", "language", "de", "weight", "-0");
        assertThat(Filter.range("year", 1912, 1912).accepts(book)).isTrue();
        assertThat(Filter.range("year", 1912.5, 1e9).accepts(book)).isFalse();
        assertThat(Filter.range("language", Double.NEGATIVE_INFINITY, 0).accepts(book))
                .isFalse();
        assertThat(Filter.range("weight", 0, 0).accepts(book)).isTrue();
        assertThat(Filter.equal("colour", "red").not().accepts(book)).isTrue();
        assertThat(new Filter.And(List.of()).accepts(book)).isTrue();
        assertThat(new Filter.Or(List.of()).accepts(book)).isFalse();
        assertThatThrownBy(() -> Filter.range("year", 2, 1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Filter.range("year", Double.NaN, 1)).isInstanceOf(ConfigException.class);
    }

    @Test
    void analyses() {
        assertThat(Analysis.standard().of("The Cats' 3.5 naïve 猫猫, cats"))
                .containsExactly("the", "cats", "3.5", "naïve", "猫", "猫", "cats");
        assertThat(Analysis.english().of("The cats were searching")).containsExactly("cat", "were", "search");
        assertThat(Analysis.named("english").name()).isEqualTo("english");
        assertThatThrownBy(() -> Analysis.named("klingon"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the analysis must be standard or english; got klingon");
    }
}
