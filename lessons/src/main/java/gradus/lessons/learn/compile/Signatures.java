package gradus.lessons.learn.compile;

import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.TypeParameterElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Types;

/// Compares the outside of a learner's class with that of the right answer: every class, constructor and
/// method that is not private must be there and be the same. The learner's may have more.
final class Signatures {
    private static final Set<Modifier> COMPARED =
            Set.of(Modifier.PUBLIC, Modifier.PROTECTED, Modifier.PRIVATE, Modifier.STATIC);

    private final Types types;
    private final BiConsumer<Element, String> faults;

    /// @param faults takes the learner's element, or null if there is none, and what is wrong
    Signatures(Types types, BiConsumer<Element, String> faults) {
        this.types = types;
        this.faults = faults;
    }

    void compare(TypeElement expected, TypeElement actual) {
        String name = expected.getSimpleName().toString();
        if (expected.getKind() != actual.getKind()) {
            faults.accept(actual, "`%s` must be a %s".formatted(name, kind(expected.getKind())));
            return;
        }
        if (!text(expected.getSuperclass()).equals(text(actual.getSuperclass()))) {
            faults.accept(
                    actual,
                    text(expected.getSuperclass()).equals("Object")
                            ? "`%s` must extend no class".formatted(name)
                            : "`%s` must extend `%s`".formatted(name, text(expected.getSuperclass())));
        }
        for (TypeMirror each : expected.getInterfaces()) {
            if (actual.getInterfaces().stream().noneMatch(own -> text(own).equals(text(each)))) {
                faults.accept(actual, "`%s` must implement `%s`".formatted(name, text(each)));
            }
        }
        for (ExecutableElement each : ElementFilter.constructorsIn(expected.getEnclosedElements())) {
            visible(each, ElementFilter.constructorsIn(actual.getEnclosedElements()));
        }
        for (ExecutableElement each : ElementFilter.methodsIn(expected.getEnclosedElements())) {
            visible(each, ElementFilter.methodsIn(actual.getEnclosedElements()));
        }
        for (TypeElement each : ElementFilter.typesIn(expected.getEnclosedElements())) {
            if (!each.getModifiers().contains(Modifier.PRIVATE)) {
                ElementFilter.typesIn(actual.getEnclosedElements()).stream()
                        .filter(own -> own.getSimpleName().equals(each.getSimpleName()))
                        .findFirst()
                        .ifPresentOrElse(
                                own -> compare(each, own),
                                () -> faults.accept(
                                        null,
                                        "`%s` is missing: a %s in `%s`"
                                                .formatted(each.getSimpleName(), kind(each.getKind()), name)));
            }
        }
    }

    private static String kind(ElementKind kind) {
        return kind.name().toLowerCase(java.util.Locale.ROOT);
    }

    private void visible(ExecutableElement expected, List<ExecutableElement> among) {
        if (expected.getModifiers().contains(Modifier.PRIVATE)) {
            return;
        }
        List<ExecutableElement> named = among.stream()
                .filter(each -> each.getSimpleName().equals(expected.getSimpleName()))
                .toList();
        if (named.stream().anyMatch(each -> compared(each).equals(compared(expected)))) {
            return;
        }
        String name = name(expected);
        if (named.isEmpty()) {
            faults.accept(null, "`%s` is missing: it must be \"%s\"".formatted(name, shown(expected)));
            return;
        }
        ExecutableElement nearest = named.stream()
                .filter(each -> parameters(each, false).equals(parameters(expected, false)))
                .findFirst()
                .orElse(named.getFirst());
        faults.accept(nearest, "`%s` must be \"%s\"; yours is \"%s\"".formatted(name, shown(expected), shown(nearest)));
    }

    /// What must be the same: all but the parameters' names, `final`, and what is thrown.
    private String compared(ExecutableElement method) {
        return signature(method, false);
    }

    private String shown(ExecutableElement method) {
        return signature(method, true);
    }

    private String signature(ExecutableElement method, boolean names) {
        StringBuilder text = new StringBuilder();
        method.getModifiers().stream()
                .filter(COMPARED::contains)
                .sorted()
                .forEach(each -> text.append(each).append(' '));
        List<? extends TypeParameterElement> variables = method.getTypeParameters();
        if (!variables.isEmpty()) {
            text.append(variables.stream().map(Object::toString).collect(Collectors.joining(", ", "<", "> ")));
        }
        if (method.getKind() != ElementKind.CONSTRUCTOR) {
            text.append(text(method.getReturnType())).append(' ');
        }
        return text.append(name(method)).append(parameters(method, names)).toString();
    }

    private static String name(ExecutableElement method) {
        return method.getKind() == ElementKind.CONSTRUCTOR
                ? method.getEnclosingElement().getSimpleName().toString()
                : method.getSimpleName().toString();
    }

    private String parameters(ExecutableElement method, boolean names) {
        StringBuilder text = new StringBuilder();
        List<? extends VariableElement> all = method.getParameters();
        for (int i = 0; i < all.size(); i++) {
            String type = text(all.get(i).asType());
            boolean rest = method.isVarArgs() && i == all.size() - 1;
            text.append(i == 0 ? "" : ", ")
                    .append(rest ? type.substring(0, type.length() - 2) + "..." : type)
                    .append(names ? " " + all.get(i).getSimpleName() : "");
        }
        return "(" + text + ")";
    }

    /// A type as it is written, without packages: the learner's classes stand in another one.
    private String text(TypeMirror type) {
        return types.stripAnnotations(type)
                .toString()
                .replaceAll("\\b(?:[a-z_]\\w*\\.)+(?=[A-Z])", "")
                .replace(",", ", ");
    }
}
