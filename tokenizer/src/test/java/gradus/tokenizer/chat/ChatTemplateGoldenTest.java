package gradus.tokenizer.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.TokenizerException;
import gradus.tokenizer.Texts;
import gradus.tokenizer.json.JsonFields;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// 460 renderings by transformers 5.18, byte for byte; where transformers raises, so does this, with its
/// words for what the template itself raises.
class ChatTemplateGoldenTest {
    static final Clock CLOCK =
            Clock.fixed(LocalDateTime.of(2025, 3, 7, 9, 5, 4).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);

    @Test
    void everyRenderingEqualsThatOfTransformers() {
        JsonFields golden = Texts.golden("chat-templates");
        List<String> templates =
                golden.list("templates").stream().map(JsonFields::text).toList();
        int count = 0;
        for (JsonFields row : golden.list("cases")) {
            String source = templates.get(row.id("template"));
            ChatTemplate template = ChatTemplate.of(source).withClock(CLOCK);
            var context = new LinkedHashMap<String, Object>();
            ((Map<?, ?>) ChatValues.of(row.object("ctx").node())).forEach((k, v) -> context.put((String) k, v));
            if (row.has("out")) {
                assertThat(template.render(context).text()).as(row.text("name")).isEqualTo(row.text("out"));
            } else {
                String error = row.text("err");
                assertThatThrownBy(() -> template.render(context))
                        .as(row.text("name"))
                        .isInstanceOf(TokenizerException.class)
                        .hasMessageEndingWith(error.substring(error.indexOf(": ") + 2));
            }
            count++;
        }
        assertThat(count).isEqualTo(460);
    }
}
