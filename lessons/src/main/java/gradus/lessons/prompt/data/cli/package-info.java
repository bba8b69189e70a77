/// `gradus data self-instruct` and `gradus data evolve`.
package gradus.lessons.prompt.data.cli;
