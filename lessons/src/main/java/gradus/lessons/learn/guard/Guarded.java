package gradus.lessons.learn.guard;

import java.io.ByteArrayInputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Puts the checks of [Guard] into class files, so that an answer's endless loop, endless recursion or huge
/// array ends with a [gradus.lessons.learn.exercise.Stopped] and not with the process. A check is one read
/// and one branch.
public final class Guarded {
    private static final ClassDesc GUARD = ClassDesc.of(Guard.class.getName());
    private static final MethodTypeDesc CHECK = MethodTypeDesc.of(ConstantDescs.CD_void);
    private static final MethodTypeDesc ARRAY =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int, ConstantDescs.CD_int);
    private static final MethodTypeDesc TIMES =
            MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long, ConstantDescs.CD_int);
    private static final MethodTypeDesc SIZE = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long);

    /// What a reference takes, as long as the heap is below 32 GB.
    private static final int REFERENCE = 4;

    private Guarded() {}

    /// The same classes with checks in them.
    public static Map<String, byte[]> of(Map<String, byte[]> classes) {
        ClassFile files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy(classes)));
        ClassTransform transform = ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(Checks::new));
        Map<String, byte[]> guarded = new LinkedHashMap<>();
        classes.forEach((name, bytes) -> guarded.put(name, files.transformClass(files.parse(bytes), transform)));
        return guarded;
    }

    /// Who extends whom, read from the class files without loading a class: the answer's own, then all others.
    private static ClassHierarchyResolver hierarchy(Map<String, byte[]> classes) {
        return ClassHierarchyResolver.ofResourceParsing((ClassDesc each) -> {
                    byte[] bytes = classes.get(name(each));
                    return bytes == null ? null : new ByteArrayInputStream(bytes);
                })
                .orElse(ClassHierarchyResolver.ofResourceParsing(Guarded.class.getClassLoader()))
                .orElse(ClassHierarchyResolver.defaultResolver());
    }

    private static String name(ClassDesc type) {
        String descriptor = type.descriptorString();
        return descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
    }

    /// Walks through the code of one method.
    private static final class Checks implements CodeTransform {
        private final Set<Label> passed = new HashSet<>();
        private final Set<Label> handlers = new HashSet<>();

        private boolean entered;

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (!entered && element instanceof Instruction) {
                entered = true; // after the first line number, so that the check has one
                check(code);
            }
            switch (element) {
                case ExceptionCatch each -> {
                    // What catches everything is `finally` or the end of `synchronized`, and throws it again.
                    if (each.catchType().isPresent()) {
                        handlers.add(each.handler());
                    }
                    code.with(each);
                }
                case LabelTarget target -> {
                    passed.add(target.label());
                    code.with(target);
                    if (handlers.contains(target.label())) {
                        check(code);
                    }
                }
                case BranchInstruction branch -> {
                    if (passed.contains(branch.target())) {
                        check(code);
                    }
                    code.with(branch);
                }
                case NewPrimitiveArrayInstruction array -> {
                    array(code, bytes(array.typeKind()));
                    code.with(array);
                }
                case NewReferenceArrayInstruction array -> {
                    array(code, REFERENCE);
                    code.with(array);
                }
                case NewMultiArrayInstruction array -> {
                    arrays(code, array);
                    code.with(array);
                }
                default -> code.with(element);
            }
        }

        private static void check(CodeBuilder code) {
            code.invokestatic(GUARD, "check", CHECK);
        }

        private static void array(CodeBuilder code, int element) {
            code.dup().loadConstant(element).invokestatic(GUARD, "array", ARRAY);
        }

        /// The sizes of all axes lie on the stack: takes them off, multiplies them, puts them back.
        private static void arrays(CodeBuilder code, NewMultiArrayInstruction array) {
            int[] sizes = new int[array.dimensions()];
            for (int i = sizes.length - 1; i >= 0; i--) {
                sizes[i] = code.allocateLocal(TypeKind.INT);
                code.istore(sizes[i]);
            }
            code.loadConstant((long) element(array));
            for (int size : sizes) {
                code.iload(size).invokestatic(GUARD, "times", TIMES);
            }
            code.invokestatic(GUARD, "size", SIZE);
            for (int size : sizes) {
                code.iload(size);
            }
        }

        private static int element(NewMultiArrayInstruction array) {
            ClassDesc type = array.arrayType().asSymbol();
            for (int i = 0; i < array.dimensions(); i++) {
                type = type.componentType();
            }
            return type.isPrimitive() ? bytes(TypeKind.from(type)) : REFERENCE;
        }

        private static int bytes(TypeKind type) {
            return switch (type) {
                case BOOLEAN, BYTE -> 1;
                case CHAR, SHORT -> 2;
                case LONG, DOUBLE -> 8;
                default -> 4;
            };
        }
    }
}
