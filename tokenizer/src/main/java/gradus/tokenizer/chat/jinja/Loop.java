package gradus.tokenizer.chat.jinja;

import gradus.tokenizer.chat.python.Arguments;
import gradus.tokenizer.chat.python.Comparison;
import gradus.tokenizer.chat.python.Function;
import gradus.tokenizer.chat.python.PyList;
import gradus.tokenizer.chat.python.TemplateError;
import gradus.tokenizer.chat.python.Types;
import gradus.tokenizer.chat.python.Undefined;
import gradus.tokenizer.chat.python.Work;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// `loop` within a `for`. Like Jinja's it looks ahead by one element where it is asked for the last or next
/// one, and reads all that is left where it is asked for the length of something that has none.
final class Loop implements Function, Types.Member, Types.Sized {
    private final Function recursion;
    private final int depth;
    private Iterator<Object> iterator;
    private int length;
    private int index = -1;
    private Object ahead;
    private Object current;
    private Object before;
    private List<Object> lastChanged;

    /// @param length    the number of elements, or -1 where it is not known yet
    /// @param depth     how many loops of the same kind it stands in
    /// @param recursion what `loop(…)` does; null where the loop is not recursive
    Loop(Iterator<Object> iterator, int length, int depth, Function recursion) {
        this.iterator = iterator;
        this.length = length;
        this.depth = depth;
        this.recursion = recursion;
    }

    boolean hasNext() {
        return ahead != null || iterator.hasNext();
    }

    Object next() {
        before = current;
        current = ahead != null ? ahead : iterator.next();
        ahead = null;
        index++;
        return current;
    }

    int depth() {
        return depth;
    }

    private Object peek() {
        if (ahead == null && iterator.hasNext()) {
            ahead = iterator.next();
        }
        return ahead;
    }

    @Override
    public int size() {
        if (length < 0) {
            var rest = new ArrayList<Object>();
            iterator.forEachRemaining(rest::add);
            iterator = rest.iterator();
            length = rest.size() + index + 1 + (ahead == null ? 0 : 1);
        }
        return length;
    }

    @Override
    public Object attribute(String name, Work work) {
        return switch (name) {
            case "index" -> number(index + 1);
            case "index0" -> number(index);
            case "revindex" -> number(size() - index);
            case "revindex0" -> number(size() - index - 1);
            case "length" -> number(size());
            case "first" -> index == 0;
            case "last" -> peek() == null;
            case "depth" -> number(depth + 1);
            case "depth0" -> number(depth);
            case "previtem" -> index == 0 ? new Undefined("there is no previous item") : before;
            case "nextitem" -> peek() == null ? new Undefined("there is no next item") : ahead;
            case "cycle" -> (Function) this::cycle;
            case "changed" -> (Function) this::changed;
            default -> null;
        };
    }

    private static BigInteger number(int value) {
        return BigInteger.valueOf(value);
    }

    private Object cycle(Arguments given, Work work) {
        if (given.positional().isEmpty()) {
            throw new TemplateError("no items for cycling given");
        }
        return given.positional().get(index % given.positional().size());
    }

    private Object changed(Arguments given, Work work) {
        boolean changed =
                lastChanged == null || !Comparison.equal(new PyList(lastChanged), new PyList(given.positional()), work);
        lastChanged = given.positional();
        return changed;
    }

    @Override
    public Object call(Arguments given, Work work) {
        if (recursion == null) {
            throw new TemplateError("The loop must have the 'recursive' marker to be called recursively.");
        }
        return recursion.call(given, work);
    }

    @Override
    public String toString() {
        return "<LoopContext " + (index + 1) + "/" + size() + ">";
    }
}
