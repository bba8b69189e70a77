package gradus.lessons.learn.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;

class TexTest {
    private static String row(String tex) {
        String math = Tex.mathMl(tex, false);
        return math.replaceFirst("<math[^>]*>", "").replace("</math>", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "\\frac12 # <mfrac><mn>1</mn><mn>2</mn></mfrac>",
                "x_i # <msub><mi>x</mi><mi>i</mi></msub>",
                "x_i^2 # <msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>",
                "x^2_i # <msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>",
                "\\frac{a}{b} # <mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>",
                "\\sqrt d # <msqrt><mi>d</mi></msqrt>",
                "\\sqrt[3]{d} # <mroot><mrow><mi>d</mi></mrow><mrow><mn>3</mn></mrow></mroot>",
                "\\sum_i x # <munder><mo>∑</mo><mi>i</mi></munder><mi>x</mi>",
                "\\sum\\nolimits_i x # <msub><mo>∑</mo><mi>i</mi></msub><mi>x</mi>",
                "a - b # <mi>a</mi><mo>−</mo><mi>b</mi>",
                "-b # <mo form=\"prefix\">−</mo><mi>b</mi>",
                "= -b # <mo>=</mo><mo form=\"prefix\">−</mo><mi>b</mi>",
                "\\ln V # <mi>ln</mi><mspace width=\"0.167em\"/><mi>V</mi>",
                "\\ln(V) # <mi>ln</mi><mo stretchy=\"false\">(</mo><mi>V</mi><mo stretchy=\"false\">)</mo>",
                "\\operatorname{ReLU} x # <mi>ReLU</mi><mspace width=\"0.167em\"/><mi>x</mi>",
                "\\hat m # <mover accent=\"true\"><mi>m</mi><mo stretchy=\"false\">^</mo></mover>",
                "\\mathbb{R} # <mrow><mi>ℝ</mi></mrow>",
                "\\text{if } t # <mtext>if\u00a0</mtext><mi>t</mi>",
                "a < b # <mi>a</mi><mo>&lt;</mo><mi>b</mi>",
                "f' # <msup><mi>f</mi><mo lspace=\"0\" rspace=\"0\">′</mo></msup>",
                "3.5 # <mn>3.5</mn>",
                "W\\odot x # <mi>W</mi><mo>⊙</mo><mi>x</mi>",
            })
    void isMathMl(String tex, String mathMl) {
        assertThat(row(tex)).isEqualTo("<mrow>" + mathMl + "</mrow>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\operatorname*{arg\\,max}_{i \\le T} \\left( \\frac{QK^\\top}{\\sqrt{D}} \\right) V",
                "\\begin{cases} 0 & j \\le i \\\\ -\\infty & \\text{otherwise} \\end{cases}",
                "\\begin{aligned} m_t &= \\beta_1 m_{t-1} + (1 - \\beta_1) g_t \\\\ v &= v_{t-1} \\end{aligned}",
                "\\begin{pmatrix} \\cos m\\theta & -\\sin m\\theta \\\\ \\sin m\\theta & \\cos m\\theta \\end{pmatrix}",
                "\\left\\lVert g \\right\\rVert_2 + \\lfloor x \\rfloor + \\big( a \\mid b \\big)",
                "\\underbrace{a + b}_{\\text{seen}} \\mathbf{W}\\boldsymbol{\\theta} \\sim \\mathcal{N}(0, I)",
                "\\min_{\\theta}\\max(0, 1 - r), \\quad \\bar x \\leftarrow \\mathrm{RMS}(x)^{-1}",
                "\\begin{array}{lr} a & b \\\\ c & d \\\\ \\end{array} \\not= \\binom{n}{k}",
                "\\sum_{\\substack{i < j \\\\ j \\ne k}} \\left[ p(x) \\middle| y \\right. 50\\,\\%",
                "{}_i x, \\exp\\{-x\\} \\bigl\\langle a \\bigr\\rangle \\tfrac12 x",
            })
    void isWellFormed(String tex) throws Exception {
        for (boolean display : new boolean[] {false, true}) {
            String math = Tex.mathMl(tex, display);
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(math)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\foo",
                "{a",
                "a}",
                "\\frac{a}",
                "\\left( a",
                "x_1_2",
                "\\begin{cases} a",
                "\\begin{tabular} a",
                "50%",
                "\\sqrt[3",
                "\\hat",
                "a & \\right)",
                "\\text{a"
            })
    void refusesWhatItDoesNotKnow(String tex) {
        assertThatThrownBy(() -> Tex.mathMl(tex, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(tex);
    }

    @Test
    void leavesOutTheRoomBetweenRows() {
        assertThat(row("\\begin{matrix} a \\\\[4pt] b \\\\ [c] \\end{matrix}"))
                .isEqualTo(row("\\begin{matrix} a \\\\ b \\\\ [c] \\end{matrix}"))
                .doesNotContain("pt")
                .contains("<mi>c</mi>");
    }

    @Test
    void keepsTheTexBesideIt() {
        assertThat(Tex.mathMl("a < \"b\"", true))
                .startsWith("<math display=\"block\" alttext=\"a &lt; &quot;b&quot;\">");
    }
}
