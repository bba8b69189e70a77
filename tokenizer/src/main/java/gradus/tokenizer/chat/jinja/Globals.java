package gradus.tokenizer.chat.jinja;

import gradus.tokenizer.chat.python.Arguments;
import gradus.tokenizer.chat.python.Function;
import gradus.tokenizer.chat.python.Namespace;
import gradus.tokenizer.chat.python.Numbers;
import gradus.tokenizer.chat.python.Printing;
import gradus.tokenizer.chat.python.PyDict;
import gradus.tokenizer.chat.python.Range;
import gradus.tokenizer.chat.python.TemplateError;
import gradus.tokenizer.chat.python.Types;
import gradus.tokenizer.chat.python.Undefined;
import gradus.tokenizer.chat.python.Work;
import java.math.BigInteger;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;

/// The functions that every template finds: Jinja's own, and `raise_exception` and `strftime_now` of
/// transformers.
public final class Globals {
    private Globals() {}

    /// @param clock what `strftime_now` reads
    public static Map<String, Object> of(Clock clock) {
        return Map.of(
                "range", (Function) Globals::range,
                "dict", (Function) Globals::dict,
                "namespace", (Function) (given, work) -> new Namespace(dict(given, work)),
                "cycler", (Function) Globals::cycler,
                "joiner", (Function) Globals::joiner,
                "lipsum",
                        (Function) (given, work) -> {
                            throw new TemplateError("lipsum() is not supported");
                        },
                "raise_exception",
                        (Function) (given, work) -> {
                            throw new TemplateError(Printing.str(given.bind("raise_exception", 1, "message")[0], work));
                        },
                "strftime_now",
                        (Function) (given, work) -> {
                            Object format = given.bind("strftime_now", 1, "format")[0];
                            if (!Types.isText(format)) {
                                throw new TemplateError("strftime() argument 1 must be str, not " + Types.name(format));
                            }
                            work.newString(16L * Types.text(format).length());
                            return Strftime.format(Types.text(format), ZonedDateTime.now(clock));
                        });
    }

    private static Object range(Arguments given, Work work) {
        Object[] bound = given.bind("range", 1, "start", "stop", "step");
        BigInteger first = Numbers.integer(bound[0]);
        BigInteger step = bound[2] == null ? BigInteger.ONE : Numbers.integer(bound[2]);
        return bound[1] == null
                ? Range.of(BigInteger.ZERO, first, step)
                : Range.of(first, Numbers.integer(bound[1]), step);
    }

    private static PyDict dict(Arguments given, Work work) {
        var dict = new PyDict();
        if (given.positional().size() > 1) {
            throw new TemplateError("dict expected at most 1 argument, got "
                    + given.positional().size());
        }
        if (!given.positional().isEmpty()) {
            Object from = given.positional().getFirst();
            if (from instanceof Undefined undefined) {
                throw undefined.error();
            }
            if (from instanceof PyDict other) {
                other.entries().forEach(entry -> dict.put(entry.key(), entry.value(), work));
                work.newList(other.size());
            } else {
                for (Object pair : Types.elements(from, work)) {
                    List<Object> keyAndValue = Types.elements(pair, work);
                    if (keyAndValue.size() != 2) {
                        throw new TemplateError("dictionary update sequence element has length " + keyAndValue.size()
                                + "; 2 is required");
                    }
                    dict.put(keyAndValue.get(0), keyAndValue.get(1), work);
                }
            }
        }
        given.named().forEach((name, value) -> dict.put(name, value, work));
        return dict;
    }

    private static Object cycler(Arguments given, Work work) {
        List<Object> items = given.positional();
        if (items.isEmpty()) {
            throw new TemplateError("at least one item has to be provided");
        }
        if (!given.named().isEmpty()) {
            throw new TemplateError("cycler() takes no keyword arguments");
        }
        return new Cycler(items);
    }

    private static Object joiner(Arguments given, Work work) {
        Object between = given.bind("joiner", 0, "sep")[0];
        var used = new boolean[1];
        return (Function) (none, counted) -> {
            boolean first = !used[0];
            used[0] = true;
            return first ? "" : between == null ? ", " : between;
        };
    }
}
