package gradus.lessons.retrieve.chunk.structure;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// Java source as the compiler reads it: classes, methods and fields, each with the comments above it. The path
/// is `Outer`, `Inner`, `method`; fields have their class's. Source with errors gives what the compiler could
/// make of it, and nothing where it could make nothing.
public final class JavaOutline implements Outline {
    private static final class Text extends SimpleJavaFileObject {
        private final String text;

        private Text(String text) {
            super(URI.create("string:///Source.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public String getCharContent(boolean ignoreErrors) {
            return text;
        }
    }

    @Override
    public List<Part> parts(String document) {
        List<Part> parts = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try {
            JavaFileObject source = new Text(document);
            JavacTask task = (JavacTask) compiler.getTask(
                    new StringWriter(), null, problem -> {}, List.of("-proc:none"), null, List.of(source));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new Members(document, unit, positions, parts).add(unit.getTypeDecls(), List.of());
            }
        } catch (IOException | RuntimeException | StackOverflowError unreadable) {
            return List.of(); // nested deeper than the compiler goes, say
        }
        return parts;
    }

    private record Members(String document, CompilationUnitTree unit, SourcePositions positions, List<Part> parts) {

        void add(List<? extends Tree> members, List<String> path) {
            for (Tree member : members) {
                switch (member) {
                    case ClassTree type -> {
                        List<String> inner = with(path, type.getSimpleName().toString());
                        if (begin(type, inner)) {
                            add(type.getMembers(), inner);
                            end(type, path);
                        }
                    }
                    case MethodTree method -> {
                        String name = method.getName().toString();
                        if (begin(method, with(path, name.equals("<init>") ? path.getLast() : name))) {
                            end(method, path);
                        }
                    }
                    case VariableTree field -> begin(field, path);
                    default -> {} // an initialiser goes with what stands before it
                }
            }
        }

        private static List<String> with(List<String> path, String name) {
            List<String> longer = new ArrayList<>(path);
            longer.add(name);
            return longer;
        }

        /// Whether the member is written in the source: a default constructor is not.
        private boolean begin(Tree member, List<String> path) {
            int start = (int) positions.getStartPosition(unit, member);
            int end = (int) positions.getEndPosition(unit, member);
            int after = parts.isEmpty() ? 0 : parts.getLast().start();
            if (start < 0 || end <= start || start < after || end > document.length()) {
                return false;
            }
            parts.add(new Part(Comments.above(document, start, after), path));
            return true;
        }

        /// What follows belongs to the class around, such as its closing brace.
        private void end(Tree member, List<String> path) {
            int end = (int) positions.getEndPosition(unit, member);
            if (end > parts.getLast().start() && end < document.length() && !path.isEmpty()) {
                parts.add(new Part(end, path));
            }
        }
    }
}
