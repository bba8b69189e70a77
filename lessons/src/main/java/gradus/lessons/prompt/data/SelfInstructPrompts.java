package gradus.lessons.prompt.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What [SelfInstruct] asks, and how it reads the answers.
final class SelfInstructPrompts {
    private static final int EXAMPLES = 6;
    private static final Pattern NUMBERED = Pattern.compile("^\\s*(?:\\d+[.)](?!\\d)\\s*)+(.*)$");
    private static final Pattern ENDED = Pattern.compile("(?:[.!?:…。？！]\\W*|\\n\\s*)$");

    private SelfInstructPrompts() {}

    /// A list that ends with the next number.
    static String more(List<String> shown) {
        StringBuilder prompt = new StringBuilder("Come up with a series of tasks:\n");
        for (int i = 0; i < shown.size(); i++) {
            prompt.append(i + 1).append(". ").append(oneLine(shown.get(i))).append('\n');
        }
        return prompt.append(shown.size() + 1).append('.').toString();
    }

    /// The instructions of a list that goes on. Models of chat may begin with a line about it and with the
    /// number that stands there already: neither is part of an instruction.
    ///
    /// @param tokens the most that the answer may have: a last line that they may have cut is left out, as in
    ///     the published program
    static List<String> lines(int number, String answer, int tokens) {
        List<String> lines = new ArrayList<>();
        String[] all = answer.split("\n");
        boolean mayBeCut = answer.getBytes(StandardCharsets.UTF_8).length >= tokens // a token has a byte at least
                && !ENDED.matcher(answer).find();
        for (int i = 0; i < all.length - (mayBeCut ? 1 : 0); i++) {
            boolean about = i == 0
                    && all[i].strip().endsWith(":")
                    && !NUMBERED.matcher(all[i]).matches();
            Matcher numbered = NUMBERED.matcher(i == 0 ? number + ". " + all[i] : all[i]);
            if (!about && numbered.matches() && !numbered.group(1).isBlank()) {
                lines.add(numbered.group(1).strip());
            }
        }
        return lines;
    }

    static String kind(String instruction, List<InstructionTask> seeds) {
        StringBuilder prompt = new StringBuilder("Is the answer to the task one of a few labels? Yes or no.\n\n");
        for (InstructionTask each : firstOfBoth(seeds)) {
            prompt.append("Task: ").append(oneLine(each.instruction())).append('\n');
            prompt.append("Labels: ")
                    .append(each.classification() ? "Yes" : "No")
                    .append("\n\n");
        }
        return prompt.append("Task: ")
                .append(oneLine(instruction))
                .append("\nLabels:")
                .toString();
    }

    /// As many classifications as others, as far as there are, one after the other.
    private static List<InstructionTask> firstOfBoth(List<InstructionTask> seeds) {
        List<InstructionTask> yes =
                seeds.stream().filter(InstructionTask::classification).toList();
        List<InstructionTask> no =
                seeds.stream().filter(each -> !each.classification()).toList();
        List<InstructionTask> both = new ArrayList<>();
        for (int i = 0; i < EXAMPLES / 2; i++) {
            both.addAll(yes.subList(Math.min(i, yes.size()), Math.min(i + 1, yes.size())));
            both.addAll(no.subList(Math.min(i, no.size()), Math.min(i + 1, no.size())));
        }
        return both;
    }

    /// Input first, or output first for a classification.
    static String example(String instruction, boolean classification, List<InstructionTask> seeds) {
        StringBuilder prompt = new StringBuilder("Give an example of each task.\n\n");
        seeds.stream()
                .filter(each -> each.classification() == classification)
                .limit(EXAMPLES / 2)
                .forEach(each -> {
                    prompt.append("Task: ").append(oneLine(each.instruction())).append('\n');
                    String input = "Input: " + (each.input().isEmpty() ? "none" : oneLine(each.input())) + "\n";
                    String output = "Output: " + oneLine(each.output()) + "\n";
                    prompt.append(classification ? output + input : input + output)
                            .append('\n');
                });
        prompt.append("Task: ").append(oneLine(instruction)).append('\n');
        return prompt.append(classification ? "Output:" : "Input:").toString();
    }

    /// What was asked for comes first, and the other behind its name; without the name, there is none. The
    /// first may have its name again, as models of chat write it.
    static InstructionTask task(String instruction, boolean classification, String answer) {
        String second = classification ? "\nInput:" : "\nOutput:";
        int at = answer.indexOf(second);
        String before = (at < 0 ? answer : answer.substring(0, at)).strip();
        String first = classification ? "Output:" : "Input:";
        before = before.startsWith(first) ? before.substring(first.length()).strip() : before;
        String behind = at < 0 ? "" : answer.substring(at + second.length()).strip();
        String input = classification ? behind : before;
        String output = classification ? before : behind;
        return new InstructionTask(instruction, input.equalsIgnoreCase("none") ? "" : input, output, classification);
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
