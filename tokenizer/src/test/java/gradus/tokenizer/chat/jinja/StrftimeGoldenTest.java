package gradus.tokenizer.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every code of `strftime` as Python writes it, at moments on either side of noon, midnight, months, years and
/// the weeks of ISO 8601: golden/chat/golden.py.
class StrftimeGoldenTest {
    @Test
    void everyCodeIsWrittenAsPythonWritesIt() throws IOException {
        List<String> lines;
        try (var in = StrftimeGoldenTest.class.getResourceAsStream("/golden/chat/strftime.tsv")) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        assertThat(lines).hasSizeGreaterThan(1000);
        for (String line : lines) {
            String[] fields = line.split("\t", -1);
            var time = LocalDateTime.parse(fields[0]).atZone(ZoneOffset.UTC);
            assertThat(Strftime.format(fields[1], time)).as(line).isEqualTo(fields[2]);
        }
    }
}
