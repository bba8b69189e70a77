package gradus.lessons.learn.submissions;

import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// [Grades] as JSON: for each submission how many exercises are right, and for each exercise what was said.
public final class GradesJson {
    private GradesJson() {}

    public static String of(Grades grades) {
        JsonMapper mapper = new JsonMapper();
        ObjectNode root = mapper.createObjectNode();
        root.put("fence", grades.fence());
        ArrayNode submissions = root.putArray("submissions");
        for (Grades.Submission each : grades.submissions()) {
            ObjectNode submission = submissions.addObject();
            submission.put("name", each.name());
            submission.put("passed", each.passed());
            submission.put("exercises", each.results().size());
            results(each.results(), submission.putArray("results"));
        }
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static void results(List<Grades.Result> results, ArrayNode into) {
        for (Grades.Result each : results) {
            ObjectNode result = into.addObject();
            result.put("exercise", each.exercise());
            result.put("verdict", each.verdict().kind().name().toLowerCase(Locale.ROOT));
            result.put("sentence", each.verdict().sentence());
            ArrayNode details = result.putArray("details");
            each.verdict().details().forEach(details::add);
            result.put("millis", each.millis());
        }
    }
}
