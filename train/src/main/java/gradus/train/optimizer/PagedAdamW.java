package gradus.train.optimizer;

import static gradus.error.ConfigException.require;

import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.AdamWStep;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// [AdamW] whose moments m and v lie in a file, of which a limited number of pages are in memory; see
/// [PageFile]. Every weight gets the same bits as with AdamW. A parameter is updated a page's length at a
/// time, so that the memory for moments is the budget, however large the model. With room for all pages, each
/// faults once; with less, a step takes the pages in the same order as the step before, so that the least
/// recently used one is just the next one needed, and every page faults in every step.
///
/// Dettmers et al. 2023, "QLoRA", arXiv:2305.14314, section 3, where pages wander between a GPU and its host;
/// transformers calls it `paged_adamw_32bit`.
public final class PagedAdamW extends EachParameter {
    /// Elements of a page: 64 kilobytes in float32.
    public static final int PAGE = 1 << 14;

    private final AdamConfig config;
    private final int pageSize;
    private final List<PageFile> files = new ArrayList<>(); // by the number type, null where no parameter has it
    private final List<Place> places = new ArrayList<>();
    private SequencedMap<String, Tensor> handedOut; // by state(), until the next step

    /// Where a parameter's moments lie.
    ///
    /// @param first the first page of m; those of v follow the last of m
    /// @param pages how many pages m has, and v
    private record Place(PageFile file, int first, int pages) {}

    /// @param residentMiB how many megabytes (2²⁰ bytes) of moments may be in memory, from 1
    /// @throws gradus.error.ConfigException   if that is less
    /// @throws gradus.error.ResourceException if no file can be made for the moments
    public PagedAdamW(ParameterGroups parameters, AdamConfig config, int residentMiB) {
        this(parameters, config, PAGE, pages(residentMiB));
    }

    private static int pages(int residentMiB) {
        require(residentMiB >= 1, "paged: at least 1 MiB must be resident; got %d", residentMiB);
        return (int) Math.min(Integer.MAX_VALUE, ((long) residentMiB << 20) / (PAGE * Float.BYTES));
    }

    /// The same with pages of another size.
    ///
    /// @param pageSize elements of a page
    /// @param resident how many pages may be in memory, from 2: a step needs one of m and one of v
    PagedAdamW(ParameterGroups parameters, AdamConfig config, int pageSize, int resident) {
        super(parameters);
        require(pageSize >= 1 && resident >= 2, "paged: at least 2 pages must be resident; got %d", resident);
        this.config = config;
        this.pageSize = pageSize;
        for (DType dtype : DType.values()) {
            List<Tensor> own =
                    parameters().stream().filter(each -> each.dtype() == dtype).toList();
            int pages = own.stream().mapToInt(each -> 2 * pages(each, pageSize)).sum();
            files.add(pages == 0 ? null : new PageFile(dtype, pages, pageSize, resident));
        }
        int[] next = new int[files.size()];
        for (Tensor parameter : parameters()) {
            int type = parameter.dtype().ordinal();
            int pages = pages(parameter, pageSize);
            places.add(new Place(files.get(type), next[type], pages));
            next[type] += 2 * pages;
        }
    }

    private static int pages(Tensor parameter, int pageSize) {
        return (parameter.size() + pageSize - 1) / pageSize;
    }

    @Override
    protected void updateAll(List<Update> updates) {
        takeBack();
        super.updateAll(updates);
    }

    @Override
    protected void update(int i, Tensor parameter, Tensor gradient, double learningRate) {
        AdamWStep step = new AdamWStep(
                learningRate, config.beta1(), config.beta2(), config.eps(), decay(i) * config.weightDecay(), steps());
        Place place = places.get(i);
        Tensor whole = parameter.detach().reshape(parameter.size());
        Tensor slope = gradient.detach().reshape(parameter.size());
        for (int page = 0; page < place.pages; page++) {
            int from = page * pageSize;
            int to = Math.min(from + pageSize, parameter.size());
            try (var scope = Scope.open()) {
                Tensor m = place.file.page(place.first + page);
                Tensor v = place.file.page(place.first + place.pages + page);
                Tensor part = whole.slice(0, from, to); // a copy
                Tensor ownM = m.slice(0, 0, to - from);
                Tensor ownV = v.slice(0, 0, to - from);
                AdamStep.run(step, part, slope.slice(0, from, to), ownM, ownV);
                m.setSlice(0, 0, ownM);
                v.setSlice(0, 0, ownV);
                whole.setSlice(0, from, part);
            }
        }
    }

    // --- the state, for checkpoints

    /// The moments as whole tensors, read from the pages. What is copied into them is taken over before the
    /// next step.
    @Override
    public SequencedMap<String, Tensor> state() {
        takeBack();
        SequencedMap<String, Tensor> state = new LinkedHashMap<>(super.state());
        SequencedMap<String, Tensor> moments = new LinkedHashMap<>();
        for (int moment = 0; moment < 2; moment++) {
            for (int i = 0; i < places.size(); i++) {
                moments.put((moment == 0 ? "m." : "v.") + i, read(i, moment));
            }
        }
        state.putAll(moments);
        handedOut = moments;
        return Collections.unmodifiableSequencedMap(state);
    }

    private Tensor read(int i, int moment) {
        Tensor parameter = parameters().get(i);
        Tensor whole =
                Tensor.full(parameter.dtype(), Shape.of(parameter.size()), 0).keep();
        eachPage(i, moment, (page, from, count) -> whole.setSlice(0, from, page.slice(0, 0, count)));
        return whole.reshape(parameter.shape().dims()).keep();
    }

    private void takeBack() {
        if (handedOut == null) {
            return;
        }
        List<Tensor> moments = List.copyOf(handedOut.values());
        for (int k = 0; k < moments.size(); k++) {
            Tensor whole = moments.get(k).detach().reshape(moments.get(k).size());
            eachPage(
                    k % places.size(),
                    k / places.size(),
                    (page, from, count) -> page.setSlice(0, 0, whole.slice(0, from, from + count)));
        }
        handedOut = null;
    }

    /// What is done with a page of a moment.
    private interface PageAction {
        void run(Tensor page, int from, int count);
    }

    private void eachPage(int i, int moment, PageAction action) {
        Place place = places.get(i);
        int size = parameters().get(i).size();
        for (int page = 0; page < place.pages; page++) {
            int from = page * pageSize;
            try (var scope = Scope.open()) {
                Tensor held = place.file.page(place.first + moment * place.pages + page);
                action.run(held, from, Math.min(pageSize, size - from));
            }
        }
    }

    // --- what paging cost

    /// How often a page was needed that was not in memory, since the optimiser was made.
    public long faults() {
        return files.stream()
                .mapToLong(file -> file == null ? 0 : file.faults())
                .sum();
    }

    /// How often a page was written back to the file.
    public long writes() {
        return files.stream()
                .mapToLong(file -> file == null ? 0 : file.writes())
                .sum();
    }

    /// How many pages of moments there are.
    public int pages() {
        return places.stream().mapToInt(place -> 2 * place.pages).sum();
    }

    /// How many of them are in memory.
    public int residentPages() {
        return files.stream()
                .mapToInt(file -> file == null ? 0 : file.resident())
                .sum();
    }
}
