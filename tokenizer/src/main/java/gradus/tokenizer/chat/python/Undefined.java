package gradus.tokenizer.chat.python;

/// What a name or attribute that is missing stands for: prints as nothing, is false and empty, and any other
/// use of it is an error.
///
/// @param message what is missing, told when it is used
public record Undefined(String message) {

    public static Undefined name(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    /// An attribute or element that a value lacks.
    public static Undefined member(Object of, Object key, Work work) {
        String type = of instanceof None ? "None" : Types.name(of) + " object";
        return key instanceof String name
                ? new Undefined("'" + type + "' has no attribute '" + shortened(name) + "'")
                : new Undefined(type + " has no element " + shortened(Printing.repr(key, work)));
    }

    /// An attribute that exists in Python and that a template must not touch.
    public static Undefined unsafe(Object of, String name) {
        return new Undefined("access to attribute '%s' of '%s' object is unsafe.".formatted(name, Types.name(of)));
    }

    public TemplateError error() {
        return new TemplateError(message);
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
