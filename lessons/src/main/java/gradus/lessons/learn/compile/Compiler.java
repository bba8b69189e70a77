package gradus.lessons.learn.compile;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Compiles answers in this process, from text to class files in memory. Keeps what it has read of the class
/// path, so that all but the first compilation take some hundredths of a second.
public final class Compiler implements AutoCloseable {
    /// The package in which learners' answers are compiled, whatever they say: none of the course's or the
    /// library's.
    static final String PACKAGE = "answer";

    private static final int LONGEST = 200_000;

    /// Without `-sourcepath`, the compiler would also read the course's sources, which lie beside its classes.
    private static final List<String> OPTIONS = List.of(
            "-parameters",
            "-proc:none",
            "-implicit:none",
            "-Xlint:none",
            "-g",
            "-sourcepath",
            "",
            "--add-modules",
            "jdk.incubator.vector");

    private final JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    private final StandardJavaFileManager files;

    public Compiler() {
        if (javac == null) {
            throw new IllegalStateException("this Java has no compiler: a JDK is needed, not a JRE");
        }
        this.files = javac.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
    }

    /// Compiles classes of one name each.
    ///
    /// @param sources the full name of each class → its text
    public Compiled compile(Map<String, String> sources) {
        return compile(sources, (task, units) -> List.of());
    }

    /// Compiles what a learner wrote for an exercise, and holds it to the exercise's rules: its methods are
    /// as they should be, and it does not leave the work to the library or the course.
    ///
    /// @param text the whole file; the package it names does not matter
    public Compiled compile(Exercise exercise, String text) {
        if (text.length() > LONGEST) {
            return failed(
                    0,
                    String.format(
                            Locale.ROOT, "the file has %,d characters, and may have %,d", text.length(), LONGEST));
        }
        return compile(exercise, Map.of(PACKAGE + "." + exercise.name(), Source.inPackage(text, PACKAGE)));
    }

    /// Holds several answers to an exercise to its rules.
    ///
    /// @param sources the full name of each class → its text
    public Compiled compile(Exercise exercise, Map<String, String> sources) {
        return compile(sources, (task, units) -> new Rules(exercise, task).problems(units));
    }

    /// Looks at what is to be compiled, once all names in it are known.
    interface Check {
        List<Compiled.Problem> problems(JavacTask task, Iterable<? extends CompilationUnitTree> units);
    }

    private Compiled compile(Map<String, String> sources, Check check) {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        Memory memory = new Memory(files);
        List<Text> texts = new ArrayList<>();
        sources.forEach((name, text) -> texts.add(new Text(name, text)));
        JavacTask task = (JavacTask) javac.getTask(Writer.nullWriter(), memory, diagnostics, OPTIONS, null, texts);
        try {
            Iterable<? extends CompilationUnitTree> units = task.parse();
            task.analyze();
            List<Compiled.Problem> problems = new ArrayList<>(errors(diagnostics));
            if (problems.isEmpty()) {
                problems.addAll(check.problems(task, units));
            }
            if (problems.isEmpty()) {
                task.generate();
                problems.addAll(errors(diagnostics));
            }
            return new Compiled(problems.isEmpty() ? memory.classes() : Map.of(), problems);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            return failed(0, "the compiler cannot cope with this text (" + e + ")");
        }
    }

    private static Compiled failed(long line, String message) {
        return new Compiled(Map.of(), List.of(new Compiled.Problem(Compiled.Kind.ERROR, line, message)));
    }

    private static List<Compiled.Problem> errors(DiagnosticCollector<JavaFileObject> diagnostics) {
        return diagnostics.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .map(each -> new Compiled.Problem(
                        Compiled.Kind.ERROR, Math.max(0, each.getLineNumber()), PlainWords.of(each)))
                .toList();
    }

    @Override
    public void close() throws IOException {
        files.close();
    }

    private static final class Text extends SimpleJavaFileObject {
        private final String text;

        Text(String name, String text) {
            super(URI.create("text:///" + name.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /// Where the compiler puts class files.
    private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written = new LinkedHashMap<>();

        Memory(JavaFileManager files) {
            super(files);
        }

        Map<String, byte[]> classes() {
            Map<String, byte[]> classes = new LinkedHashMap<>();
            written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
            return classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("class:///" + name.replace('.', '/') + kind.extension), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    written.put(name, bytes);
                    return bytes;
                }
            };
        }
    }
}
