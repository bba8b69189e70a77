package gradus.tokenizer.chat.python;

/// Something a template can call.
@FunctionalInterface
public interface Function {
    Object call(Arguments arguments, Work work);
}
