package gradus.lessons.adamw;

import gradus.lessons.learn.exercise.Exercise;
import gradus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

final class DecayGroupsExercise {
    private DecayGroupsExercise() {}

    static Exercise exercise() {
        return Exercise.of(DecayGroups.class, "Which parameters decay")
                .probe("a matrix and a bias", "two axes decay, one does not", t -> {
                    SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
                    parameters.put("fc.weight", Tensor.ones(2, 3));
                    parameters.put("fc.bias", Tensor.ones(2));
                    return t.call(parameters);
                })
                .probe("a norm's gain is called weight too", "its name says nothing, its one axis does", t -> {
                    SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
                    parameters.put("ln.weight", Tensor.ones(4));
                    parameters.put("conv.bias", Tensor.ones(2, 2));
                    return t.call(parameters);
                })
                .probe("a tied head", "wte and lm_head are one tensor: it is stepped once, under its first name", t -> {
                    Tensor table = Tensor.ones(3, 2);
                    Tensor gain = Tensor.ones(2);
                    SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
                    parameters.put("wte.weight", table);
                    parameters.put("ln_1.weight", gain);
                    parameters.put("fc.weight", Tensor.ones(5, 2));
                    parameters.put("ln_2.weight", gain);
                    parameters.put("lm_head.weight", table);
                    return t.call(parameters);
                })
                .probe("equal numbers, but two tensors", "both are parameters", t -> {
                    SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
                    parameters.put("q.weight", Tensor.ones(2, 2));
                    parameters.put("q.bias", Tensor.zeros(2));
                    parameters.put("k.weight", Tensor.ones(2, 2));
                    parameters.put("k.bias", Tensor.zeros(2));
                    return t.call(parameters);
                })
                .probe("no axis, one, two, three, four", "two and more decay; a row of (1, 5) has two", t -> {
                    SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
                    parameters.put("z", Tensor.scalar(1));
                    parameters.put("y", Tensor.ones(2, 1, 3, 1));
                    parameters.put("x", Tensor.ones(2, 2, 2));
                    parameters.put("w", Tensor.ones(1, 5));
                    parameters.put("v", Tensor.ones(7));
                    parameters.put("a", Tensor.ones(1, 1));
                    return t.call(parameters);
                })
                .probe("no parameters", "two empty lists", t -> t.call(new LinkedHashMap<String, Tensor>()))
                .bug(
                        "Everything decays, biases and gains too",
                        "(tensor.rank() >= 2 ? decaying : others).add(name)",
                        "decaying.add(name)")
                .bug("Only tensors of three axes and more decay", "tensor.rank() >= 2", "tensor.rank() > 2")
                .bug("Only tensors of exactly two axes decay", "tensor.rank() >= 2", "tensor.rank() == 2")
                .bug(
                        "The name decides, not the axes: a norm's gain is called weight too",
                        "tensor.rank() >= 2",
                        "name.endsWith(\"weight\")")
                .bug(
                        "A tensor of two names is listed twice, and would be stepped twice",
                        "seen.stream().noneMatch(each -> each == tensor)",
                        "true")
                .bug(
                        "Tensors that hold equal numbers are taken for one",
                        "each -> each == tensor",
                        "each -> each.shape().equals(tensor.shape()) && each.allClose(tensor)")
                .bug("The two lists are exchanged", "List.of(decaying, others)", "List.of(others, decaying)")
                .variant("a loop with an identity map", """
                        List<String> decaying = new ArrayList<>();
                        List<String> others = new ArrayList<>();
                        java.util.Set<Tensor> seen =
                                java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
                        for (var entry : parameters.entrySet()) {
                            if (!seen.add(entry.getValue())) {
                                continue;
                            }
                            if (entry.getValue().shape().dims().length < 2) {
                                others.add(entry.getKey());
                            } else {
                                decaying.add(entry.getKey());
                            }
                        }
                        return List.of(decaying, others);
                        """)
                .variant("the first name of each tensor, then a partition", """
                        java.util.IdentityHashMap<Tensor, String> first = new java.util.IdentityHashMap<>();
                        parameters.forEach((name, tensor) -> first.putIfAbsent(tensor, name));
                        var halves = parameters.keySet().stream()
                                .filter(name -> first.get(parameters.get(name)).equals(name))
                                .collect(java.util.stream.Collectors.partitioningBy(
                                        name -> parameters.get(name).rank() > 1));
                        return List.of(halves.get(true), halves.get(false));
                        """)
                .hints(
                        "What tells a gain from a matrix, whatever they are called? And how do you see that two names"
                                + " mean"
                                + " one tensor?",
                        "tensor.rank() counts the axes. Keep the tensors seen so far, and compare by ==.",
                        "For each entry: skip it if the tensor was seen; otherwise rank() >= 2 goes to the first list.")
                .reading("The section \"What decays\" of this lesson");
    }
}
