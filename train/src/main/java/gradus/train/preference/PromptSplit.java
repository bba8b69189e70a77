package gradus.train.preference;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which answers are learned and which are only measured. Prompts are held out as a whole: a model that has
/// learned one answer to a prompt would be asked no new question by another.
///
/// @param learned numbers of answers, ascending
/// @param heldOut those of the others, ascending
public record PromptSplit(List<Integer> learned, List<Integer> heldOut) {

    /// Holds out prompts by chance until their answers are a share of all, or so near above it as whole prompts
    /// allow: at least one prompt, and at most all but one.
    ///
    /// @param words of each answer what [Prompt#words] says of its prompt
    /// @param share of the answers, in [0, 1); 0 for none
    /// @throws gradus.error.ConfigException if the share is out of range
    public static PromptSplit of(List<?> words, double share, Rng rng) {
        require(share >= 0 && share < 1, "the part to hold out must be in [0, 1); got %s", share);
        Map<Object, List<Integer>> byPrompt = new LinkedHashMap<>();
        for (int i = 0; i < words.size(); i++) {
            byPrompt.computeIfAbsent(words.get(i), prompt -> new ArrayList<>()).add(i);
        }
        List<List<Integer>> prompts = new ArrayList<>();
        for (List<Integer> answers : byPrompt.values()) { // Fisher and Yates, inside out
            int place = rng.index(prompts.size(), prompts.size() + 1);
            prompts.add(answers);
            prompts.set(prompts.size() - 1, prompts.get(place));
            prompts.set(place, answers);
        }
        long wanted = share == 0 ? 0 : Math.max(1, Math.round(share * words.size()));
        List<Integer> learned = new ArrayList<>();
        List<Integer> heldOut = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            boolean more = heldOut.size() < wanted && i + 1 < prompts.size();
            (more ? heldOut : learned).addAll(prompts.get(i));
        }
        return new PromptSplit(
                learned.stream().sorted().toList(), heldOut.stream().sorted().toList());
    }
}
