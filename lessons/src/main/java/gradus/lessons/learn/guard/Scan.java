package gradus.lessons.learn.guard;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Looks through class files for what an answer must not do: every class, method and field that its code
/// names must be [Allowed].
public final class Scan {
    /// What was found.
    ///
    /// @param line    of the source, 0 if it belongs to none
    /// @param message in a sentence
    public record Finding(int line, String message) {}

    private final Map<String, byte[]> classes;
    private final Set<String> given;
    private final Set<Finding> findings = new LinkedHashSet<>();
    private int line;

    private Scan(Map<String, byte[]> classes, Set<String> given) {
        this.classes = classes;
        this.given = given;
    }

    /// What is wrong with these classes, by line; empty if nothing is.
    ///
    /// @param given classes that are open besides: those of the course that the exercise hands out
    public static List<Finding> of(Map<String, byte[]> classes, Set<String> given) {
        Scan scan = new Scan(classes, given);
        classes.values().forEach(bytes -> scan.type(ClassFile.of().parse(bytes)));
        return scan.findings.stream()
                .sorted(Comparator.comparingInt(Finding::line))
                .toList();
    }

    private void type(ClassModel model) {
        line = 0;
        model.superclass().ifPresent(each -> used(each.asSymbol()));
        model.interfaces().forEach(each -> used(each.asSymbol()));
        for (FieldModel field : model.fields()) {
            used(field.fieldTypeSymbol());
        }
        for (MethodModel method : model.methods()) {
            line = 0;
            method(method);
        }
    }

    private void method(MethodModel method) {
        String name = method.methodName().stringValue();
        if (method.flags().has(AccessFlag.NATIVE)) {
            found("`" + name + "` is native, and an answer must be Java");
        }
        if (name.equals("finalize") && method.methodType().equalsString("()V")) {
            found("`finalize` runs on a thread of its own, and an answer must not");
        }
        method.code().ifPresent(code -> {
            line = code.elementStream()
                    .filter(LineNumber.class::isInstance)
                    .mapToInt(each -> ((LineNumber) each).line())
                    .findFirst()
                    .orElse(0);
            used(method.methodTypeSymbol());
            code.forEach(this::instruction);
        });
        if (method.code().isEmpty()) {
            used(method.methodTypeSymbol());
        }
    }

    private void instruction(CodeElement element) {
        switch (element) {
            case LineNumber number -> line = number.line();
            case InvokeInstruction call ->
                member(
                        call.owner().asSymbol(),
                        call.name().stringValue(),
                        call.type().stringValue(),
                        call.typeSymbol());
            case FieldInstruction field -> {
                ClassDesc owner = field.owner().asSymbol();
                member(owner, field.name().stringValue(), field.type().stringValue(), null);
                used(field.typeSymbol());
            }
            case InvokeDynamicInstruction dynamic -> {
                handle(dynamic.bootstrapMethod());
                used(dynamic.typeSymbol());
                dynamic.bootstrapArgs().forEach(this::constant);
            }
            case ConstantInstruction constant -> constant(constant.constantValue());
            case NewReferenceArrayInstruction array ->
                used(array.componentType().asSymbol());
            case NewMultiArrayInstruction array -> used(array.arrayType().asSymbol());
            case TypeCheckInstruction check -> used(check.type().asSymbol());
            default -> {}
        }
    }

    private void constant(ConstantDesc constant) {
        switch (constant) {
            case ClassDesc type -> used(type);
            case MethodTypeDesc type -> used(type);
            case DirectMethodHandleDesc handle -> handle(handle);
            case DynamicConstantDesc<?> dynamic
            when !dynamic.equals(ConstantDescs.NULL) -> {
                handle(dynamic.bootstrapMethod());
                dynamic.bootstrapArgsList().forEach(this::constant);
            }
            case null, default -> {}
        }
    }

    /// A bootstrap method is what the compiler chose: its own parameters are not looked at, only whose it is.
    private void handle(DirectMethodHandleDesc handle) {
        String owner = name(handle.owner());
        boolean compilers = owner.equals("java.lang.invoke.LambdaMetafactory")
                || owner.equals("java.lang.invoke.StringConcatFactory")
                || owner.startsWith("java.lang.runtime.");
        if (!compilers) {
            boolean method = handle.lookupDescriptor().startsWith("(");
            member(
                    handle.owner(),
                    handle.methodName(),
                    handle.lookupDescriptor(),
                    method ? MethodTypeDesc.ofDescriptor(handle.lookupDescriptor()) : null);
        }
    }

    private void member(ClassDesc owner, String name, String descriptor, MethodTypeDesc type) {
        if (owner.isArray()) {
            used(owner);
            return;
        }
        String of = name(owner);
        Optional<String> reason =
                own(of) ? Optional.empty() : Allowed.closed(of).or(() -> Allowed.closed(of, name, descriptor));
        if (reason.isPresent()) {
            String shown = name.equals("<init>") ? "new " + simple(of) : simple(of) + "." + name;
            found("`%s` %s".formatted(shown, reason.get()));
        } else if (type != null) {
            used(type);
        }
    }

    private void used(MethodTypeDesc type) {
        used(type.returnType());
        type.parameterList().forEach(this::used);
    }

    private void used(ClassDesc type) {
        ClassDesc element = type;
        while (element.isArray()) {
            element = element.componentType();
        }
        if (!element.isPrimitive()) {
            String name = name(element);
            if (!own(name)) {
                Allowed.closed(name).ifPresent(reason -> found("`%s` %s".formatted(simple(name), reason)));
            }
        }
    }

    private boolean own(String name) {
        return classes.containsKey(name)
                || given.stream().anyMatch(each -> name.equals(each) || name.startsWith(each + "$"));
    }

    private void found(String message) {
        if (findings.stream().noneMatch(each -> each.line() == line)) {
            findings.add(new Finding(line, message));
        }
    }

    private static String name(ClassDesc type) {
        String descriptor = type.descriptorString();
        return descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
    }

    private static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1).replace('$', '.');
    }
}
