package gradus.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/// F16: a number looks the same on every machine. Read off the sources of every module: whoever formats a number says
/// the locale, or leaves it to `%s`, which writes digits as Java does.
class OneLocaleTest {
    private static final Set<String> FORMATTING = Set.of("formatted", "format", "printf");

    /// Conversions that ask the locale for digits, separators or words: %d, %,d, %.3f, %e, %g, %tY and upper cases.
    private static final Pattern ASKS_LOCALE =
            Pattern.compile("%(\\d+\\$)?[-#+ 0,(<]*\\d*(\\.\\d+)?([dfeEgGaAtTSXBHC])");

    /// Hexadecimal digits are the same everywhere.
    private static final Set<String> HARMLESS = Set.of("X");

    private record Place(String file, long line, String conversion) {}

    private static List<Path> sources() throws IOException {
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            List<Path> all = new ArrayList<>();
            for (Path main : modules.filter(module -> !module.endsWith("bench")) // a program, which sets its own
                    .map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(main)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(all::add);
                }
            }
            return all;
        }
    }

    @Test
    void f16_noNumberIsFormattedByTheMachinesLocale() throws Exception {
        List<Path> sources = sources();
        assertThat(sources).hasSizeGreaterThan(200);
        assertThat(faults(sources)).isEmpty();
    }

    /// The scan itself finds what it is for.
    @Test
    void f16_theScanSeesEveryWayToFormat(@org.junit.jupiter.api.io.TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("A.java"), """
                import java.util.Locale;
                class A {
                    String a = "%d".formatted(1);
                    String b = ("a" + "%,.3f").formatted(1.0);
                    String c = String.format("%5d", 1);
                    String d = String.format(Locale.ROOT, "%5d", 1);
                    String e = "%s %n %% %04X %-5s".formatted(1, 2, 3);
                    void f() { System.out.printf("%e", 1.0); System.out.printf(Locale.ROOT, "%e", 1.0); }
                    String g = java.text.NumberFormat.getInstance().format(1);
                    String h = "a".toUpperCase();
                    String i(String message, Object... values) { return message.formatted(values); }
                }
                """);
        assertThat(faults(List.of(file))).extracting(Place::line).containsExactly(3L, 4L, 5L, 8L, 9L, 10L, 11L);
    }

    private static List<Place> faults(List<Path> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var files = compiler.getStandardFileManager(null, null, null);
        JavacTask task = (JavacTask) compiler.getTask(
                null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
        List<Place> faults = new ArrayList<>();
        for (CompilationUnitTree unit : task.parse()) {
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
                    String fault = fault(call);
                    if (fault != null) {
                        long at = unit.getLineMap()
                                .getLineNumber(com.sun.source.util.Trees.instance(task)
                                        .getSourcePositions()
                                        .getEndPosition(unit, call));
                        faults.add(new Place(unit.getSourceFile().getName(), at, fault));
                    }
                    return super.visitMethodInvocation(call, nothing);
                }
            }.scan(unit, null);
        }
        return faults;
    }

    private static String fault(MethodInvocationTree call) {
        if (!(call.getMethodSelect() instanceof MemberSelectTree method)) {
            return null;
        }
        String name = method.getIdentifier().toString();
        String receiver = method.getExpression().toString();
        if (call.getArguments().isEmpty() && (name.equals("toUpperCase") || name.equals("toLowerCase"))) {
            return name + " without a locale";
        }
        if (name.equals("getInstance")
                && receiver.endsWith("NumberFormat")
                && call.getArguments().isEmpty()) {
            return "NumberFormat without a locale";
        }
        if (!FORMATTING.contains(name) || saysLocale(call, receiver)) {
            return null;
        }
        List<ExpressionTree> texts = new ArrayList<>(call.getArguments());
        if (name.equals("formatted")) {
            texts = List.of(method.getExpression());
        }
        StringBuilder format = new StringBuilder();
        texts.forEach(text -> text.accept(
                new TreeScanner<Void, Void>() {
                    @Override
                    public Void visitLiteral(LiteralTree literal, Void nothing) {
                        format.append(literal.getValue() instanceof String part ? part : "");
                        return null;
                    }
                },
                null));
        if (format.isEmpty() && name.equals("format") && !receiver.equals("String")) {
            return null; // of something else, such as a date
        }
        if (format.isEmpty()) {
            return "a format that is not written here";
        }
        return ASKS_LOCALE
                .matcher(format.toString().replace("%%", ""))
                .results()
                .filter(match -> !HARMLESS.contains(match.group(3)))
                .map(match -> match.group())
                .findFirst()
                .orElse(null);
    }

    /// The program's own ways to format say it once; see their definitions.
    private static boolean saysLocale(MethodInvocationTree call, String receiver) {
        return !call.getArguments().isEmpty()
                        && call.getArguments().getFirst().toString().endsWith("Locale.ROOT")
                || receiver.endsWith("Line")
                || receiver.endsWith("Printable");
    }
}
