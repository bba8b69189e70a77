package gradus.lessons.learn.worker;

import gradus.lessons.learn.compile.Compiled;
import gradus.lessons.learn.compile.Compiler;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.grade.Verdict;
import gradus.lessons.learn.guard.Guarded;
import gradus.lessons.learn.guard.Scan;
import java.util.ArrayList;
import java.util.List;

/// Compiles in this process: the compiler's errors and the rules of the exercise first, then what the class
/// files name, then the checks.
final class Compilation implements Preparation {
    private static final int SHOWN = 3;

    private final Compiler compiler;

    Compilation(Compiler compiler) {
        this.compiler = compiler;
    }

    @Override
    public Prepared of(Exercise exercise, String text) {
        Compiled compiled;
        synchronized (compiler) {
            compiled = compiler.compile(exercise, text);
        }
        if (!compiled.problems().isEmpty()) {
            return Prepared.refused(verdict(compiled.problems(), text));
        }
        List<Scan.Finding> findings =
                Scan.of(compiled.classes(), exercise.source().given());
        if (!findings.isEmpty()) {
            List<Compiled.Problem> problems = findings.stream()
                    .map(each -> new Compiled.Problem(Compiled.Kind.FORBIDDEN, each.line(), each.message()))
                    .toList();
            return Prepared.refused(verdict(problems, text));
        }
        return new Prepared(null, compiled.named(exercise.name()).orElseThrow(), Guarded.of(compiled.classes()));
    }

    /// The first problem is the verdict; under it stand the lines of the first three.
    private static Verdict verdict(List<Compiled.Problem> problems, String text) {
        Compiled.Problem first = problems.getFirst();
        List<String> lines = text.lines().toList();
        List<String> details = new ArrayList<>();
        for (int i = 0; i < Math.min(SHOWN, problems.size()); i++) {
            Compiled.Problem each = problems.get(i);
            if (i > 0) {
                details.add(said(each));
            }
            if (each.line() > 0 && each.line() <= lines.size()) {
                details.add("%4s | %s".formatted(each.line(), cut(lines.get((int) each.line() - 1))));
            }
        }
        if (problems.size() > SHOWN) {
            details.add("… and " + (problems.size() - SHOWN) + " more");
        }
        Verdict.Kind kind = switch (first.kind()) {
            case ERROR, SIGNATURE -> Verdict.Kind.UNCOMPILED;
            case FORBIDDEN -> Verdict.Kind.FORBIDDEN;
            case ENDLESS -> Verdict.Kind.LIMIT;
        };
        return new Verdict(kind, said(first), details);
    }

    private static String said(Compiled.Problem problem) {
        String message = cut(problem.message());
        return problem.line() > 0 ? "line " + problem.line() + ": " + message : message;
    }

    private static String cut(String line) {
        return line.length() <= 300 ? line : line.substring(0, 300) + " …";
    }
}
