package gradus.lessons.lab.cloze;

import gradus.tensor.random.Rng;
import gradus.train.cloze.Example;
import gradus.train.corpus.LexicographerFiles;
import gradus.train.corpus.LexicographerFiles.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Glosses of WordNet and the lexicographer files they stand in. Eight files of different kinds are the
/// classes; each has a word that stands for it in a cloze. Of each class 50 glosses are held out, which the
/// masked-language model does not see either.
///
/// @param text        one line `lemma: gloss` of every entry that is not held out, in an order by chance
/// @param pool        what examples are drawn from, by class
/// @param test        held out
record GlossData(List<String> text, List<List<Example>> pool, List<Example> test) {
    /// The classes, and the words for them.
    static final SequencedMap<String, String> CLASSES = classes();

    /// The most examples of a class: the smallest class has 1,311 beside those that are held out and that judge.
    static final int MOST = 1300;

    private static final int TEST = 50; // of each class
    private static final int JUDGES = 50; // of each class

    private static SequencedMap<String, String> classes() {
        SequencedMap<String, String> classes = new LinkedHashMap<>();
        classes.put("noun.animal", "animal");
        classes.put("noun.artifact", "device");
        classes.put("noun.body", "body");
        classes.put("noun.food", "food");
        classes.put("noun.location", "region");
        classes.put("noun.person", "person");
        classes.put("noun.plant", "plant");
        classes.put("verb.motion", "move");
        return Collections.unmodifiableSequencedMap(classes);
    }

    /// WordNet's entries.
    static GlossData load() {
        return of(LexicographerFiles.entries());
    }

    /// Some entries: always the same of them are held out.
    static GlossData of(List<Entry> all) {
        List<Entry> entries = new ArrayList<>(all);
        shuffle(entries, Rng.of(31).at("glosses"));
        List<String> labels = List.copyOf(CLASSES.sequencedKeySet());
        List<List<Example>> pool = new ArrayList<>();
        labels.forEach(label -> pool.add(new ArrayList<>()));
        List<String> text = new ArrayList<>();
        List<Example> test = new ArrayList<>();
        int[] held = new int[labels.size()];
        for (Entry entry : entries) {
            int label = labels.indexOf(entry.file());
            if (label >= 0 && held[label] < TEST) {
                held[label]++;
                test.add(new Example(entry.gloss(), label));
                continue;
            }
            text.add(entry.lemma() + ": " + entry.gloss());
            if (label >= 0) {
                pool.get(label).add(new Example(entry.gloss(), label));
            }
        }
        return new GlossData(text, pool, test);
    }

    /// So many examples of each class, drawn by a seed.
    List<Example> draw(int examples, long seed) {
        List<Example> drawn = new ArrayList<>();
        for (int label = 0; label < pool.size(); label++) {
            List<Example> own = new ArrayList<>(pool.get(label));
            shuffle(own, Rng.of(seed).at("examples").at(label));
            drawn.addAll(own.subList(0, Math.min(examples, own.size())));
        }
        return drawn;
    }

    /// Examples by which a choice is made before anything of the table is measured: of these, the latter judge
    /// what was learnt from the former.
    record Choice(List<Example> train, List<Example> judge) {}

    /// So many examples of each class to learn from, and others that judge.
    Choice choice(int examples) {
        List<Example> train = new ArrayList<>();
        List<Example> judge = new ArrayList<>();
        for (int label = 0; label < pool.size(); label++) {
            List<Example> own = new ArrayList<>(pool.get(label));
            shuffle(own, Rng.of(0).at("choice").at(label));
            int judging = Math.min(JUDGES, own.size() / 2);
            judge.addAll(own.subList(0, judging));
            train.addAll(own.subList(judging, Math.min(judging + examples, own.size())));
        }
        return new Choice(train, judge);
    }

    /// The same with labels by chance: nothing can be learnt from them.
    static List<Example> shuffled(List<Example> examples, long seed) {
        List<Integer> labels =
                new ArrayList<>(examples.stream().map(Example::label).toList());
        shuffle(labels, Rng.of(seed).at("labels"));
        List<Example> shuffled = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            shuffled.add(new Example(examples.get(i).texts(), labels.get(i)));
        }
        return shuffled;
    }

    /// Fisher and Yates.
    private static <T> void shuffle(List<T> list, Rng rng) {
        for (int last = list.size() - 1; last > 0; last--) {
            Collections.swap(list, last, rng.index(last, last + 1));
        }
    }
}
