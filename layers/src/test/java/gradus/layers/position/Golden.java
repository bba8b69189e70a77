package gradus.layers.position;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// What transformers says about positions, as `src/test/python/positions.py` wrote it down.
record Golden(double[]... fields) {

    /// The draws of a kind.
    static List<Golden> of(String kind) throws IOException {
        try (InputStream file = Golden.class.getResourceAsStream("positions.txt")) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> line.startsWith(kind + "|"))
                    .map(Golden::parse)
                    .toList();
        }
    }

    private static Golden parse(String line) {
        String[] parts = line.split("\\|", -1);
        return new Golden(
                Arrays.stream(parts, 1, parts.length).map(Golden::numbers).toArray(double[][]::new));
    }

    private static double[] numbers(String field) {
        return field.isEmpty()
                ? new double[0]
                : Arrays.stream(field.split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
    }

    double[] field(int i) {
        return fields[i];
    }

    /// A number of the first field.
    double number(int i) {
        return fields[0][i];
    }

    int whole(int i) {
        return (int) number(i);
    }
}
