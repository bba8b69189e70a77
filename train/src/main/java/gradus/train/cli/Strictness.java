package gradus.train.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/// What a command line must not say although it can be parsed: an option twice, of which one would be dropped
/// without a word, and a file without a name, which Java takes for the folder one stands in.
public final class Strictness implements IExecutionStrategy {
    private static final Set<String> FILES = Set.of("--data", "--file");

    @Override
    public int execute(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        requireOnce(last, parsed.originalArgs());
        requireNames(last);
        return new RunLast().execute(parsed);
    }

    private static void requireOnce(ParseResult parsed, List<String> arguments) {
        int end = arguments.indexOf("--");
        List<String> options = end < 0 ? arguments : arguments.subList(0, end);
        for (OptionSpec option : parsed.commandSpec().options()) {
            if (option.isMultiValue() || option.arity().max() == 0) {
                continue;
            }
            long times =
                    options.stream().filter(argument -> names(option, argument)).count();
            if (times > 1) {
                throw new ParameterException(
                        parsed.commandSpec().commandLine(),
                        option.longestName() + " is given " + times + " times; once is enough");
            }
        }
    }

    private static boolean names(OptionSpec option, String argument) {
        for (String name : option.names()) {
            if (argument.equals(name) || argument.startsWith(name + "=")) {
                return true;
            }
        }
        return false;
    }

    private static void requireNames(ParseResult parsed) {
        for (ArgSpec argument : parsed.matchedArgs()) {
            boolean file = argument.typeInfo().getType() == Path.class
                    || argument instanceof OptionSpec option && FILES.contains(option.longestName());
            if (file && argument.stringValues().stream().anyMatch(String::isBlank)) {
                String name = argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
                throw new ParameterException(parsed.commandSpec().commandLine(), name + " is empty; it takes a name");
            }
        }
    }
}
