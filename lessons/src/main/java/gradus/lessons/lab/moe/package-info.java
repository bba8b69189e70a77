/// `gradus lab moe`: mixtures of experts: balance, capacity, experts that choose, and what they cost.
package gradus.lessons.lab.moe;
