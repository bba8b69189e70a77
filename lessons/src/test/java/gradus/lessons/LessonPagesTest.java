package gradus.lessons;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.learn.exercise.Lesson;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A lesson's page shows what its program prints, and the pictures that it draws.
class LessonPagesTest {
    private static final String ONLY = System.getProperty("gradus.course", "");
    private static final Pattern OUTPUT = Pattern.compile("(?m)^```output\\n([\\s\\S]*?)^```$");
    private static final Pattern PICTURE = Pattern.compile("!\\[[^\\]]+\\]\\(([\\w-]+)\\.png\\)");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:,\\d{3})*(?:\\.\\d+)?(?:[eE][-+]?\\d+)?");

    /// Sums in another order, on another machine, change the last digit; training lets that grow.
    private static final double RELATIVE = 0.02;

    @TempDir
    Path folder;

    static Stream<Lesson> lessons() {
        return Course.lessons().stream()
                .filter(each -> ONLY.isEmpty() || each.name().equals(ONLY));
    }

    @ParameterizedTest
    @MethodSource("lessons")
    void showsWhatItsProgramPrintsAndDraws(Lesson lesson) throws Exception {
        String printed = printed(lesson);
        if (!ONLY.isEmpty()) {
            System.out.print(printed);
        }
        List<String> shown = OUTPUT.matcher(lesson.page())
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(shown).as("blocks that begin with ```output").isNotEmpty();
        assertAlike(String.join("", shown), printed);
        List<String> pictures = PICTURE.matcher(lesson.page())
                .results()
                .map(found -> found.group(1) + ".png")
                .toList();
        try (Stream<Path> drawn = Files.list(folder)) {
            assertThat(drawn.map(file -> file.getFileName().toString()).toList())
                    .containsExactlyInAnyOrderElementsOf(pictures);
        }
        assertThat(lesson.page())
                .startsWith("# " + lesson.title() + "\n")
                .contains("\n## What to try\n", "\n## Sources\n");
    }

    private String printed(Lesson lesson) throws Exception {
        PrintStream out = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String before = System.getProperty("gradus.pictures");
        try {
            System.setProperty("gradus.pictures", folder.toString());
            System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            lesson.program().getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(out);
            if (before == null) {
                System.clearProperty("gradus.pictures");
            } else {
                System.setProperty("gradus.pictures", before);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /// The same words, and numbers that differ by 2 % or by one in the last digit at most.
    private static void assertAlike(String shown, String printed) {
        List<String> expected = shown.lines().map(String::stripTrailing).toList();
        List<String> actual = printed.lines().map(String::stripTrailing).toList();
        assertThat(actual.stream().map(LessonPagesTest::words).toList())
                .isEqualTo(expected.stream().map(LessonPagesTest::words).toList());
        for (int i = 0; i < expected.size(); i++) {
            List<String> one = numbers(expected.get(i));
            List<String> other = numbers(actual.get(i));
            for (int n = 0; n < one.size(); n++) {
                double a = Double.parseDouble(one.get(n));
                double b = Double.parseDouble(other.get(n));
                double last = Math.pow(10, -decimals(one.get(n)));
                boolean whole = decimals(one.get(n)) == 0;
                double allowed = Math.max(RELATIVE * Math.abs(a), whole ? 0 : 1.5 * last);
                assertThat(Math.abs(a - b))
                        .as("%s against %s", expected.get(i), actual.get(i))
                        .isLessThanOrEqualTo(allowed);
            }
        }
    }

    private static String words(String line) {
        return NUMBER.matcher(line).replaceAll("#").replaceAll(" +", " ");
    }

    private static List<String> numbers(String line) {
        List<String> numbers = new ArrayList<>();
        Matcher matcher = NUMBER.matcher(line);
        while (matcher.find()) {
            numbers.add(matcher.group().replace(",", ""));
        }
        return numbers;
    }

    private static int decimals(String number) {
        int point = number.indexOf('.');
        return point < 0 || number.toLowerCase(java.util.Locale.ROOT).contains("e") ? 0 : number.length() - point - 1;
    }
}
