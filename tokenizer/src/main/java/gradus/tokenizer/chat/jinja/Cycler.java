package gradus.tokenizer.chat.jinja;

import gradus.tokenizer.chat.python.Arguments;
import gradus.tokenizer.chat.python.Function;
import gradus.tokenizer.chat.python.None;
import gradus.tokenizer.chat.python.PyTuple;
import gradus.tokenizer.chat.python.Types;
import gradus.tokenizer.chat.python.Work;
import java.math.BigInteger;
import java.util.List;

/// What `cycler(…)` returns: goes round and round through its items.
final class Cycler implements Types.Member {
    private final List<Object> items;
    private int at;

    Cycler(List<Object> items) {
        this.items = items;
    }

    @Override
    public Object attribute(String name, Work work) {
        return switch (name) {
            case "items" -> new PyTuple(items);
            case "pos" -> BigInteger.valueOf(at);
            case "current" -> items.get(at);
            case "next" -> (Function) this::next;
            case "reset" -> (Function) this::reset;
            default -> null;
        };
    }

    private Object next(Arguments given, Work work) {
        given.bind("next", 0);
        Object item = items.get(at);
        at = (at + 1) % items.size();
        return item;
    }

    private Object reset(Arguments given, Work work) {
        given.bind("reset", 0);
        at = 0;
        return None.NONE;
    }

    @Override
    public String toString() {
        return "<Cycler object>";
    }
}
