package gradus.tokenizer.chat.jinja;

import gradus.tokenizer.chat.python.Arguments;
import gradus.tokenizer.chat.python.Function;
import gradus.tokenizer.chat.python.None;
import gradus.tokenizer.chat.python.PyDict;
import gradus.tokenizer.chat.python.PyTuple;
import gradus.tokenizer.chat.python.TemplateError;
import gradus.tokenizer.chat.python.Types;
import gradus.tokenizer.chat.python.Undefined;
import gradus.tokenizer.chat.python.Work;
import gradus.tokenizer.chat.syntax.Expression;
import gradus.tokenizer.chat.syntax.Statement;
import gradus.tokenizer.chat.syntax.Statement.Signature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// A macro, or the body of a `call` block, together with the scope it was defined in.
final class Macro implements Function, Types.Member {
    private final Signature signature;
    private final List<Statement> body;
    private final Scope defined;
    private final Interpreter interpreter;

    Macro(Signature signature, List<Statement> body, Scope defined, Interpreter interpreter) {
        this.signature = signature;
        this.body = body;
        this.defined = defined;
        this.interpreter = interpreter;
    }

    @Override
    public Object call(Arguments given, Work work) {
        List<String> parameters = signature.parameters();
        int count = parameters.size();
        var named = new LinkedHashMap<>(given.named());
        var scope = new Scope(defined);
        var values = new ArrayList<Object>();
        for (int i = 0; i < count; i++) {
            boolean positional = i < given.positional().size();
            values.add(positional ? given.positional().get(i) : named.remove(parameters.get(i)));
        }
        special(given, named, count, scope, work);
        int firstDefault = count - signature.defaults().size();
        for (int i = 0; i < count; i++) { // a default sees the parameters, not what they hide
            String name = parameters.get(i);
            Object value = values.get(i);
            scope.set(name, value != null ? value : new Undefined("parameter '" + name + "' was not provided"));
        }
        for (int i = firstDefault; i < count; i++) {
            if (values.get(i) == null) {
                Expression other = signature.defaults().get(i - firstDefault);
                scope.set(parameters.get(i), interpreter.evaluator().evaluate(other, scope));
            }
        }
        return interpreter.captured(body, scope);
    }

    private void special(Arguments given, LinkedHashMap<String, Object> named, int count, Scope scope, Work work) {
        List<String> uses = signature.uses();
        if (uses.contains("caller") && !signature.parameters().contains("caller")) {
            Object caller = named.remove("caller");
            scope.set("caller", caller == null || caller == None.NONE ? new Undefined("No caller defined") : caller);
        }
        if (uses.contains("kwargs") && !signature.parameters().contains("kwargs")) {
            var rest = new PyDict();
            named.forEach((name, value) -> rest.put(name, value, work));
            scope.set("kwargs", rest);
        } else if (!named.isEmpty()) {
            throw new TemplateError("macro '%s' takes no keyword argument '%s'"
                    .formatted(signature.name(), named.firstEntry().getKey()));
        }
        List<Object> positional = given.positional();
        if (uses.contains("varargs") && !signature.parameters().contains("varargs")) {
            List<Object> rest = positional.subList(Math.min(count, positional.size()), positional.size());
            scope.set("varargs", new PyTuple(rest));
        } else if (positional.size() > count) {
            throw new TemplateError("macro '%s' takes not more than %s argument(s)".formatted(signature.name(), count));
        }
    }

    @Override
    public Object attribute(String name, Work work) {
        return switch (name) {
            case "name" -> signature.isCaller() ? None.NONE : signature.name();
            case "arguments" -> new PyTuple(List.copyOf(signature.parameters()));
            case "caller" -> signature.uses().contains("caller");
            case "catch_kwargs" -> signature.uses().contains("kwargs");
            case "catch_varargs" -> signature.uses().contains("varargs");
            default -> null;
        };
    }

    @Override
    public String toString() {
        return "<Macro '" + signature.name() + "'>";
    }
}
