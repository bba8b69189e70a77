package gradus.lessons.learn.book;

import gradus.lessons.learn.exercise.Lesson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a lesson's program printed and drew, and whether its page shows that.
///
/// @param text     all that it printed
/// @param pictures what it drew, as PNG, by name without `.png`
public record Printed(String text, SortedMap<String, byte[]> pictures) {
    private static final Pattern OUTPUT = Pattern.compile("(?m)^```output\\n([\\s\\S]*?)^```$");
    private static final Pattern PICTURE = Pattern.compile("!\\[[^\\]]+\\]\\(([\\w-]+)\\.png\\)");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:,\\d{3})*(?:\\.\\d+)?(?:[eE][-+]?\\d+)?");

    /// Sums in another order, on another machine, change the last digit; training lets that grow.
    private static final double RELATIVE = 0.02;

    /// Runs a lesson's program here, with what it prints caught and its pictures in a folder of their own:
    /// one at a time, for both are the whole process's.
    ///
    /// @throws IllegalStateException if the program ends in an exception
    public static synchronized Printed by(Lesson lesson) {
        PrintStream out = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String before = System.getProperty("gradus.pictures");
        try {
            Path folder = Files.createTempDirectory("gradus-pictures");
            try {
                System.setProperty("gradus.pictures", folder.toString());
                System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
                lesson.program().getMethod("main", String[].class).invoke(null, (Object) new String[0]);
                return new Printed(bytes.toString(StandardCharsets.UTF_8), pictures(folder));
            } finally {
                System.setOut(out);
                restore(before);
                delete(folder);
            }
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("the program of lesson " + lesson.name() + " failed", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(lesson.program().getName() + " has no main that can be called", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void restore(String pictures) {
        if (pictures == null) {
            System.clearProperty("gradus.pictures");
        } else {
            System.setProperty("gradus.pictures", pictures);
        }
    }

    private static SortedMap<String, byte[]> pictures(Path folder) throws IOException {
        SortedMap<String, byte[]> pictures = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                pictures.put(file.getFileName().toString().replaceFirst("\\.png$", ""), Files.readAllBytes(file));
            }
        }
        return pictures;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    // --- compared with the page

    /// What a page says and its program does not: nothing if the blocks that begin with ` ```output `, one after
    /// the other, are what was printed, and the pictures are those that were drawn.
    /// The words must be the same; numbers may differ by 2 % or by one in the last digit.
    ///
    /// @param page in Markdown
    public List<String> faults(String page) {
        List<String> faults = new ArrayList<>();
        List<String> shown =
                OUTPUT.matcher(page).results().map(found -> found.group(1)).toList();
        if (shown.isEmpty()) {
            faults.add("no block begins with ```output");
        }
        difference(lines(String.join("", shown)), lines(text)).ifPresent(faults::add);
        List<String> names = pictures(page);
        names.stream()
                .filter(name -> !pictures.containsKey(name))
                .forEach(name -> faults.add("the page shows " + name + ".png, which the program does not draw"));
        pictures.keySet().stream()
                .filter(name -> !names.contains(name))
                .forEach(name -> faults.add("the program draws " + name + ".png, which the page does not show"));
        return faults;
    }

    /// The names of the pictures that a page shows, in order.
    static List<String> pictures(String page) {
        return PICTURE.matcher(page).results().map(found -> found.group(1)).toList();
    }

    private static List<String> lines(String text) {
        return text.lines().map(String::stripTrailing).toList();
    }

    private static Optional<String> difference(List<String> shown, List<String> printed) {
        for (int i = 0; i < Math.max(shown.size(), printed.size()); i++) {
            String one = i < shown.size() ? shown.get(i) : "(nothing more)";
            String other = i < printed.size() ? printed.get(i) : "(nothing more)";
            if (!alike(one, other)) {
                return Optional.of("line %s of the output: the page shows \"%s\", the program prints \"%s\""
                        .formatted(i + 1, one, other));
            }
        }
        return Optional.empty();
    }

    private static boolean alike(String shown, String printed) {
        if (!words(shown).equals(words(printed))) {
            return false;
        }
        List<String> one = numbers(shown);
        List<String> other = numbers(printed);
        for (int i = 0; i < one.size(); i++) {
            double a = Double.parseDouble(one.get(i));
            double b = Double.parseDouble(other.get(i));
            int decimals = decimals(one.get(i));
            double last = decimals == 0 ? 0 : 1.5 * Math.pow(10, -decimals);
            if (Math.abs(a - b) > Math.max(RELATIVE * Math.abs(a), last)) {
                return false;
            }
        }
        return true;
    }

    private static String words(String line) {
        return NUMBER.matcher(line).replaceAll("#").replaceAll(" +", " ");
    }

    private static List<String> numbers(String line) {
        return NUMBER.matcher(line)
                .results()
                .map(MatchResult::group)
                .map(number -> number.replace(",", ""))
                .toList();
    }

    private static int decimals(String number) {
        int point = number.indexOf('.');
        boolean power = number.indexOf('e') >= 0 || number.indexOf('E') >= 0;
        return point < 0 || power ? 0 : number.length() - point - 1;
    }

    /// Nothing printed, and these pictures.
    static Printed of(Map<String, byte[]> pictures) {
        return new Printed("", new TreeMap<>(pictures));
    }
}
