package gradus.lessons.learn.guard;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What an answer may use: the language's own classes, collections and mathematics, and the library.
/// Everything else is closed, and for what is likely to be tried the reason is given.
final class Allowed {
    /// Whole packages, without those below them.
    private static final Set<String> PACKAGES = Set.of(
            "java.lang",
            "java.lang.annotation",
            "java.math",
            "java.nio",
            "java.nio.charset",
            "java.text",
            "java.time",
            "java.time.temporal",
            "java.util",
            "java.util.function",
            "java.util.regex",
            "java.util.random",
            "java.util.stream",
            "java.util.concurrent.atomic",
            "jdk.incubator.vector");

    /// Single classes of other packages.
    private static final Set<String> CLASSES = Set.of(
            "java.io.Serializable",
            "java.io.IOException",
            "java.io.UncheckedIOException",
            "java.io.Closeable",
            "java.io.PrintStream",
            "java.io.ByteArrayInputStream",
            "java.io.ByteArrayOutputStream",
            "java.io.DataInputStream",
            "java.io.DataOutputStream",
            "java.io.InputStream",
            "java.io.OutputStream",
            "java.io.BufferedReader",
            "java.io.Reader",
            "java.io.Writer",
            "java.io.StringReader",
            "java.io.StringWriter",
            "java.lang.invoke.StringConcatFactory",
            "java.lang.invoke.LambdaMetafactory",
            "java.lang.invoke.CallSite",
            "java.lang.invoke.TypeDescriptor",
            "java.lang.runtime.ObjectMethods",
            "java.lang.runtime.SwitchBootstraps",
            "java.lang.runtime.ExactConversionsSupport",
            "java.util.concurrent.ConcurrentHashMap",
            "java.util.concurrent.ConcurrentMap",
            "java.util.concurrent.ThreadLocalRandom",
            "java.util.concurrent.TimeUnit");

    /// Parts of the library that work with files, terminals and processes.
    private static final List<String> CLOSED_LIBRARY = List.of(
            "gradus.lessons.",
            "gradus.tensor.io.",
            "gradus.tensor.jvm.",
            "gradus.tensor.memory.",
            "gradus.tensor.kernel.",
            "gradus.train.cli.",
            "gradus.train.run.",
            "gradus.train.checkpoint.",
            "gradus.train.pretrained.");

    /// The beginning of a class's name → why it is closed. The first that fits counts.
    private static final Map<String, String> REASONS = new LinkedHashMap<>();

    private static void closed(String reason, String... beginnings) {
        for (String each : beginnings) {
            REASONS.put(each, reason);
        }
    }

    static {
        closed(
                "ends the program or starts another one",
                "java.lang.Runtime",
                "java.lang.Process",
                "java.lang.Shutdown");
        closed(
                "works with threads",
                "java.lang.Thread",
                "java.lang.InheritableThreadLocal",
                "java.lang.ScopedValue",
                "java.util.Timer",
                "java.util.concurrent");
        closed(
                "looks into classes or loads them",
                "java.lang.ClassLoader",
                "java.lang.ClassValue",
                "java.lang.Module",
                "java.lang.StackWalker",
                "java.lang.reflect",
                "java.lang.invoke",
                "java.lang.classfile",
                "java.lang.instrument",
                "java.util.ServiceLoader",
                "java.util.ResourceBundle",
                "javax.tools",
                "javax.script",
                "jdk.jshell",
                "com.sun.");
        closed("works with files or streams of the system", "java.io", "java.nio", "java.util.zip", "java.util.jar");
        closed("uses the network", "java.net", "javax.net", "java.rmi", "javax.naming");
        closed(
                "reaches outside Java's memory",
                "java.lang.foreign",
                "java.lang.ref.Cleaner",
                "sun.",
                "jdk.internal",
                "org.bytedeco");
        closed("is a part of the course, which an answer must do without", "gradus.lessons.");
    }

    private static final Set<String> SYSTEM =
            Set.of("arraycopy", "nanoTime", "currentTimeMillis", "identityHashCode", "lineSeparator", "out", "err");

    private static final Set<String> CLASS = Set.of(
            "getName",
            "getSimpleName",
            "toString",
            "hashCode",
            "equals",
            "cast",
            "isInstance",
            "isArray",
            "getComponentType",
            "desiredAssertionStatus",
            "getEnumConstants");

    /// Methods that wait for others, or change what other answers see.
    private static final Set<String> METHODS =
            Set.of("wait", "notify", "notifyAll", "setDefault", "load", "loadLibrary");

    private Allowed() {}

    /// Why a class is closed to answers; nothing if it is open.
    ///
    /// @param name of the class, with dots
    static Optional<String> closed(String name) {
        if (name.startsWith("gradus.")) {
            return CLOSED_LIBRARY.stream().anyMatch(name::startsWith)
                    ? Optional.of(reason(name).orElse("is a part of the library that answers may not use"))
                    : Optional.empty();
        }
        Optional<String> reason = reason(name);
        String outer = name.contains("$") ? name.substring(0, name.indexOf('$')) : name;
        String in = outer.substring(0, Math.max(0, outer.lastIndexOf('.')));
        boolean mixed = in.equals("java.lang") || in.equals("java.util");
        boolean open = CLASSES.contains(outer) || PACKAGES.contains(in) && !(mixed && reason.isPresent());
        return open ? Optional.empty() : Optional.of(reason.orElse("is not open to answers"));
    }

    private static Optional<String> reason(String name) {
        return REASONS.entrySet().stream()
                .filter(each -> name.startsWith(each.getKey()))
                .filter(each -> !name.startsWith("java.lang.RuntimeException"))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /// Why a method, constructor or field of an open class is closed; nothing if it is open.
    static Optional<String> closed(String owner, String member, String descriptor) {
        return switch (owner) {
            case "java.lang.System" ->
                only(
                        SYSTEM,
                        member,
                        switch (member) {
                            case "exit" -> "ends the program";
                            case "in", "setIn", "setOut", "setErr", "console" -> "works with streams of the system";
                            case "load", "loadLibrary" -> "reaches outside Java's memory";
                            default -> "asks the system for what an answer must not know";
                        });
            case "java.lang.Class" -> only(CLASS, member, "looks into classes or loads them");
            case "java.io.PrintStream", "java.util.Formatter", "java.util.Scanner" ->
                member.equals("<init>")
                                && !descriptor.startsWith("(Ljava/io/OutputStream;")
                                && opensFile(owner, descriptor)
                        ? Optional.of("works with files")
                        : Optional.empty();
            default ->
                METHODS.contains(member) && owner.startsWith("java.") && !owner.equals("java.util.Properties")
                        ? Optional.of("waits for others, or changes what they see")
                        : Optional.empty();
        };
    }

    /// A constructor with the name of a file; a scanner's first text is what it reads.
    private static boolean opensFile(String owner, String descriptor) {
        return !owner.endsWith("Scanner") && descriptor.startsWith("(Ljava/lang/String;");
    }

    private static Optional<String> only(Set<String> open, String member, String reason) {
        return open.contains(member) ? Optional.empty() : Optional.of(reason);
    }
}
