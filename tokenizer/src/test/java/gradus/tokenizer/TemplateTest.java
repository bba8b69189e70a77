package gradus.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.TokenizerException;
import gradus.tokenizer.Template.Sequence;
import gradus.tokenizer.Template.Special;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The frames that models want around their texts.
class TemplateTest {
    private static final Special CLS = new Special("[CLS]", 101, 0);
    private static final Special SEP = new Special("[SEP]", 102, 0);
    private static final int[] A = {1, 2};
    private static final int[] B = {3};

    private static void gives(Encoding encoding, int[] ids, int... types) {
        assertThat(encoding).isEqualTo(new Encoding(ids, types));
    }

    @Test
    void bert() {
        Template bert = Template.bert(CLS, SEP);
        gives(bert.apply(A, null), new int[] {101, 1, 2, 102}, 0, 0, 0, 0);
        gives(bert.apply(A, B), new int[] {101, 1, 2, 102, 3, 102}, 0, 0, 0, 0, 1, 1);
        assertThat(bert.specialCount(false)).isEqualTo(2);
        assertThat(bert.specialCount(true)).isEqualTo(3);
        assertThat(bert.opening()).containsExactly(101);
    }

    @Test
    void roberta() {
        Template roberta = Template.roberta(CLS, SEP);
        gives(roberta.apply(A, null), new int[] {101, 1, 2, 102}, 0, 0, 0, 0);
        gives(roberta.apply(A, B), new int[] {101, 1, 2, 102, 102, 3, 102}, 0, 0, 0, 0, 0, 0, 0);
        assertThat(roberta.specialCount(true)).isEqualTo(4);
    }

    @Test
    void beginningAndEnd() {
        Template both = Template.bounds(CLS, SEP);
        gives(both.apply(A, null), new int[] {101, 1, 2, 102}, 0, 0, 0, 0);
        gives(both.apply(A, B), new int[] {101, 1, 2, 102, 101, 3, 102}, 0, 0, 0, 0, 1, 1, 1);
        Template begins = Template.bounds(CLS, null);
        gives(begins.apply(A, B), new int[] {101, 1, 2, 101, 3}, 0, 0, 0, 1, 1);
        assertThat(begins.opening()).containsExactly(101);
        Template ends = Template.bounds(null, SEP);
        gives(ends.apply(A, B), new int[] {1, 2, 102, 3, 102}, 0, 0, 0, 1, 1);
        assertThat(ends.opening()).isEmpty();
    }

    @Test
    void none() {
        gives(Template.NONE.apply(A, null), A, 0, 0);
        gives(Template.NONE.apply(A, B), new int[] {1, 2, 3}, 0, 0, 1);
        assertThat(Template.NONE.specialCount(true)).isZero();
    }

    @Test
    void whatTakesOneTextTakesNoPair() {
        Template single = new Template(List.of(new Sequence(false, 0)), List.of());
        gives(single.apply(A, null), A, 0, 0);
        assertThatThrownBy(() -> single.apply(A, B))
                .isInstanceOf(TokenizerException.class)
                .hasMessage("this tokenizer's template takes one text, not a pair");
    }

    @Test
    void encodingsAreEqualByTheirNumbers() {
        Encoding one = new Encoding(new int[] {1, 2}, new int[] {0, 1});
        assertThat(one)
                .isEqualTo(new Encoding(new int[] {1, 2}, new int[] {0, 1}))
                .hasSameHashCodeAs(new Encoding(new int[] {1, 2}, new int[] {0, 1}))
                .hasToString("ids [1, 2], type ids [0, 1]")
                .isNotEqualTo(new Encoding(new int[] {1, 3}, new int[] {0, 1}))
                .isNotEqualTo(new Encoding(new int[] {1, 2}, new int[] {0, 0}))
                .isNotEqualTo("ids");
        assertThat(new Encoding(new int[] {2}, new int[] {0})).doesNotHaveSameHashCodeAs(one);
    }

    /// A character of two chars is never cut.
    @Test
    void aTextOfCharactersMayBeCutBetweenThem() {
        CharTokenizer letters = CharTokenizer.of("a🦊b");
        for (Tokenizer tokenizer : List.of(letters, new ByteTokenizer())) {
            assertThat(tokenizer.safeCut("a🦊b", 0)).isZero();
            assertThat(tokenizer.safeCut("a🦊b", 1)).isEqualTo(1);
            assertThat(tokenizer.safeCut("a🦊b", 2)).isEqualTo(3);
            assertThat(tokenizer.safeCut("a🦊b", 4)).isEqualTo(4);
        }
        assertThat(letters.tokenToId("🦊")).isEqualTo(2);
        assertThat(letters.tokenToId("c")).isEqualTo(-1);
        assertThat(letters.tokenToId("ab")).isEqualTo(-1);
        assertThat(letters.tokenToId("")).isEqualTo(-1);
        assertThat(letters.tokenToId(null)).isEqualTo(-1);
        assertThat(letters.characters()).containsExactly("a", "b", "🦊");
        assertThat(new ByteTokenizer().tokenToId("ab")).isEqualTo(-1);
        assertThat(new ByteTokenizer().tokenToId("a")).isEqualTo('a');
        assertThat(new ByteTokenizer().tokenToId(null)).isEqualTo(-1);
        assertThat(new ByteTokenizer().name()).isEqualTo("byte");
        assertThat(letters.name()).isEqualTo("char");
    }
}
