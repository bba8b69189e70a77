package gradus.lessons.retrieve.chunk;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// What golden.py has found: LangChain's chunks, NumPy's thresholds.
record Golden(List<Recursive> recursive, List<Rules> rules) {
    record Recursive(String text, String separators, int size, int overlap, List<String> chunks) {}

    record Rules(
            double[] distances,
            Map<Double, Double> percentiles,
            boolean[] percentile,
            boolean[] deviation,
            boolean[] interquartile,
            boolean[] gradient,
            Map<Integer, boolean[]> chunks) {}

    static Golden read() throws IOException {
        try (InputStream in = Golden.class.getResourceAsStream("golden.json")) {
            return new JsonMapper().readValue(in, Golden.class);
        }
    }
}
