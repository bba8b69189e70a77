package gradus.tokenizer.chat;

import gradus.error.TokenizerException;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.json.JsonFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Compares renderings of any templates with those of transformers that chat_templates_check.py wrote: a
/// check for templates that are not ours to keep here.
final class ChatTemplateReferee {
    private ChatTemplateReferee() {}

    public static void main(String[] arguments) {
        JsonFields golden = JsonFile.read(Path.of(arguments[0]));
        List<String> templates =
                golden.list("templates").stream().map(JsonFields::text).toList();
        int same = 0;
        int bothRefuse = 0;
        int other = 0;
        for (JsonFields row : golden.list("cases")) {
            var context = new LinkedHashMap<String, Object>();
            ((Map<?, ?>) ChatValues.of(row.object("ctx").node())).forEach((k, v) -> context.put((String) k, v));
            String ours;
            boolean refused = false;
            try {
                ours = ChatTemplate.of(templates.get(row.id("template")))
                        .withClock(ChatTemplateGoldenTest.CLOCK)
                        .render(context)
                        .text();
            } catch (TokenizerException e) {
                refused = true;
                ours = e.getMessage();
            }
            if (row.has("out") && !refused && ours.equals(row.text("out"))) {
                same++;
            } else if (!row.has("out") && refused) {
                bothRefuse++;
            } else {
                other++;
                System.out.println(row.text("name") + "\n  ours:   " + ours.replace("\n", "\\n") + "\n  theirs: "
                        + row.textOr("out", row.textOr("err", "")).replace("\n", "\\n"));
            }
        }
        System.out.println(same + " alike, " + bothRefuse + " refused by both, " + other + " not alike");
    }
}
