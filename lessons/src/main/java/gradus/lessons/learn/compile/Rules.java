package gradus.lessons.learn.compile;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import gradus.lessons.learn.exercise.Exercise;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;

/// What an answer must keep to besides the language, found in its syntax tree with all names resolved: a
/// method of the learner's own may be called what a forbidden one is called.
final class Rules {
    private static final String LIBRARY = "gradus.";
    private static final String COURSE = "gradus.lessons.";

    private final Exercise exercise;
    private final JavacTask task;
    private final Trees trees;
    private final Set<Compiled.Problem> problems = new LinkedHashSet<>();

    Rules(Exercise exercise, JavacTask task) {
        this.exercise = exercise;
        this.task = task;
        this.trees = Trees.instance(task);
    }

    List<Compiled.Problem> problems(Iterable<? extends CompilationUnitTree> units) {
        for (CompilationUnitTree unit : units) {
            signatures(unit);
            new Names(unit, exercise.source().given()).scan(unit, null);
        }
        return problems.stream()
                .sorted(Comparator.comparingLong(Compiled.Problem::line))
                .toList();
    }

    private void signatures(CompilationUnitTree unit) {
        TypeElement expected =
                task.getElements().getTypeElement(exercise.answer().getName());
        if (expected == null) {
            throw new IllegalStateException("the compiler does not find " + exercise.answer());
        }
        Optional<TreePath> actual = unit.getTypeDecls().stream()
                .filter(tree ->
                        tree instanceof ClassTree type && type.getSimpleName().contentEquals(exercise.name()))
                .map(tree -> TreePath.getPath(unit, tree))
                .findFirst();
        if (actual.isEmpty()) {
            problem(Compiled.Kind.SIGNATURE, 0, "there is no class `%s`".formatted(exercise.name()));
            return;
        }
        new Signatures(task.getTypes(), (element, message) -> {
                    Tree tree = element == null ? null : trees.getTree(element);
                    problem(
                            Compiled.Kind.SIGNATURE,
                            tree == null ? line(unit, actual.get().getLeaf()) : line(unit, tree),
                            message);
                })
                .compare(expected, (TypeElement) trees.getElement(actual.get()));
    }

    private void problem(Compiled.Kind kind, long line, String message) {
        problems.add(new Compiled.Problem(kind, line, message));
    }

    private long line(CompilationUnitTree unit, Tree tree) {
        long start = trees.getSourcePositions().getStartPosition(unit, tree);
        return start < 0 ? 0 : unit.getLineMap().getLineNumber(start);
    }

    /// Looks at every name that the answer uses.
    private final class Names extends TreePathScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final Set<String> given;

        Names(CompilationUnitTree unit, Set<String> given) {
            this.unit = unit;
            this.given = given;
        }

        @Override
        public Void visitIdentifier(IdentifierTree tree, Void nothing) {
            used(tree);
            return super.visitIdentifier(tree, nothing);
        }

        @Override
        public Void visitMemberSelect(MemberSelectTree tree, Void nothing) {
            used(tree);
            return super.visitMemberSelect(tree, nothing);
        }

        @Override
        public Void visitMemberReference(MemberReferenceTree tree, Void nothing) {
            used(tree);
            return super.visitMemberReference(tree, nothing);
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            Element element = trees.getElement(getCurrentPath());
            new Endless(trees, unit, element)
                    .call(method)
                    .ifPresent(call -> problem(
                            Compiled.Kind.ENDLESS,
                            line(unit, call),
                            "`%s` calls itself every time it is called, and so never ends: some way through it must not"
                                    .formatted(method.getName())));
            return super.visitMethod(method, nothing);
        }

        private void used(Tree tree) {
            Element element = trees.getElement(getCurrentPath());
            if (element == null || element.getKind() == ElementKind.PACKAGE) {
                return;
            }
            Optional<TypeElement> type = outermost(element);
            String owner = type.map(each -> each.getQualifiedName().toString()).orElse("");
            if (!owner.startsWith(LIBRARY)) {
                return;
            }
            if (owner.startsWith(COURSE) && given.stream().noneMatch(each -> each.startsWith(owner))) {
                problem(
                        Compiled.Kind.FORBIDDEN,
                        line(unit, tree),
                        "`%s` is a part of the course, which an answer must do without"
                                .formatted(type.get().getSimpleName()));
            }
            String name = element.getSimpleName().toString();
            boolean work =
                    element.getKind() == ElementKind.METHOD || element.getKind().isDeclaredType();
            if (work && exercise.forbidden().contains(name)) {
                problem(
                        Compiled.Kind.FORBIDDEN,
                        line(unit, tree),
                        "`%s` of the library does what you are to write yourself: write it without it".formatted(name));
            }
        }

        private static Optional<TypeElement> outermost(Element element) {
            TypeElement type = null;
            for (Element each = element; each != null; each = each.getEnclosingElement()) {
                if (each instanceof TypeElement found) {
                    type = found;
                }
            }
            return Optional.ofNullable(type);
        }
    }
}
