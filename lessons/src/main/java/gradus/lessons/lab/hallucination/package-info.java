/// `gradus lab hallucination`: what a small model states that is not so, how often it must, and what helps.
package gradus.lessons.lab.hallucination;
