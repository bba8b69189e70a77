package gradus.lessons.prompt.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class PromptTemplateTest {
    @Test
    void placesAreFilled() {
        PromptTemplate template = PromptTemplate.of("{who} says {{what}} to {who_2}: {who}!");
        assertThat(template.variables()).containsExactly("who", "who_2");
        assertThat(template.fill(Map.of("who", "I", "who_2", "you"))).isEqualTo("I says {what} to you: I!");
        assertThat(template).hasToString("{who} says {{what}} to {who_2}: {who}!");
    }

    /// What is filled in is never searched for places, and any text can be a template that is itself.
    @Property(tries = 200)
    void valuesStayWhatTheyAre(
            @ForAll @StringLength(max = 20) String a,
            @ForAll @StringLength(max = 20) String b,
            @ForAll @StringLength(max = 20) String c) {
        String text = PromptTemplate.literal(a) + "{x}" + PromptTemplate.literal(b) + "{y}" + PromptTemplate.literal(c);
        assertThat(PromptTemplate.of(text).fill(Map.of("x", "{y}", "y", b + "}{")))
                .isEqualTo(a + "{y}" + b + b + "}{" + c);
        assertThat(PromptTemplate.literal(a).fill(Map.of())).isEqualTo(a);
    }

    @Test
    void aMissingValueIsNamedWithTheNearest() {
        PromptTemplate template = PromptTemplate.of("Q: {question} {hint}");
        assertThatThrownBy(() -> template.fill(Map.of("hint", "x")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the template's variable {question} has no value; given are hint");
        PromptTemplate other = PromptTemplate.of("{question}");
        assertThatThrownBy(() -> other.fillKnown(Map.of("qestion", "x")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the template's variable {question} has no value; the nearest that was given is qestion");
        assertThatThrownBy(() -> other.fill(Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the template's variable {question} has no value");
    }

    @Test
    void anUnknownValueIsNamed() {
        assertThatThrownBy(() -> PromptTemplate.of("{question}").fill(Map.of("qestion", "x")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the template has no variable {qestion}; did you mean {question}?; it has {question}");
        assertThatThrownBy(() -> PromptTemplate.of("none").fill(Map.of("x", "")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the template has no variable {x}; it has none");
    }

    @Test
    void bracesAreWhole() {
        for (List<String> each : List.of(
                List.of("a {b", "the template has a { without } at character 3; {{ stands for {"),
                List.of("a } b", "the template has a } without { at character 3; }} stands for }"),
                List.of("{}", "the template has no name but  in braces at character 1; {{ stands for {"),
                List.of("{a b}", "the template has no name but a b in braces at character 1; {{ stands for {"),
                List.of("{\n}", "the template has no name but \\n in braces at character 1; {{ stands for {"))) {
            assertThatThrownBy(() -> PromptTemplate.of(each.getFirst()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(each.getLast());
        }
    }

    @Test
    void nullIsNoValue() {
        Map<String, String> values = new HashMap<>();
        values.put("x", null);
        assertThatThrownBy(() -> PromptTemplate.of("a {x}").fill(values))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the value of the template's variable {x} is null");
    }
}
