"""What the core says of a run by itself, in English; each screen shows it in its own way."""

from __future__ import annotations

from digitdesk.messages.exam import ExamHint
from digitdesk.messages.run import RunDiagnosis

HINTS = {
    "diverged": "The loss is no longer a number: the steps were too large, and the weights ran "
    "away.",
    "plateau": "The loss has stopped falling. Smaller steps may find a way further down.",
    "never-learned": "The network guesses as at the start. The steps may be too small, or much "
    "too large.",
    "too-slow": "It learns very slowly: at this learning rate each step is tiny.",
    "jumping": "The loss jumps up and down: the steps overshoot.",
    "overfitting": "It learns its images by heart: training gets better, validation gets worse. "
    "More varied images help.",
    "overfitting-gap": "It reads the images it trains on much better than others: it learns them "
    "by heart.",
    "augmentation": "It reads new images better than those it trains on: they are changed so much "
    "that they are hard to learn from.",
    "dropout": "Dropout switches most neurons off at every step, and the rest do not get far.",
    "weight-decay": "Weight decay pulls the weights to zero faster than they are learned.",
    "dead-relu": "Many neurons have fallen silent and learn nothing any more. Smaller steps keep "
    "the others alive.",
    "few-pictures": "There are few images to train on: it will soon know each by heart.",
    "momentum": "So much momentum at this learning rate piles steps up, and they overshoot.",
    "tiny-batch": "With so few images a step, the steps are noisy and an epoch takes long. A batch "
    "size of 32 or 64 is usual.",
}
"""By the ``sentence_id`` of a diagnosis."""

REASONS = {
    "diverged": "Where a step jumps over the valley of the loss, the slope on the other side is "
    "steeper, and the next step is larger still. A few such steps lead past what a computer can "
    "hold.",
    "plateau": "Near the lowest point, steps as long as before go from one side to the other. "
    "Shorter ones go down into it. Where even they gain nothing, this network has learned what it "
    "can from these images.",
    "never-learned": "Whoever always names the most frequent class would be right as often. Steps "
    "much too large throw the weights to where nothing answers any more, in the first moments of "
    "a run; from there, no gradient leads back.",
    "too-slow": "The optimizer usually works with ten times the learning rate or more. The "
    "direction is right, but each step is so short that it would take hundreds of epochs.",
    "jumping": "The learning rate is above the usual one. Steps that long cross the valley of the "
    "loss from side to side; shorter ones go down into it.",
    "overfitting": "A network has weights enough to remember each image, with its accidents. What "
    "it gains there it loses on images it has never seen. Changed images, dropout and weight decay "
    "each make remembering harder.",
    "augmentation": "Turned and stretched too far, a 1 is as good as a 7, and nobody could say "
    "which it was. Half the strength still makes many images of each.",
    "dropout": "Each step trains a random part of the network. If that part is too small to tell "
    "the classes apart, so is what it learns.",
    "weight-decay": "Every step makes all weights a little smaller, and the gradient makes those "
    "larger that help. Where the first is stronger, nothing that was learned stays.",
    "dead-relu": "A ReLU gives 0 for whatever is negative, and has no slope there. A neuron that "
    "is negative for every image is never corrected again. Most often one large step has pushed it "
    "there.",
    "few-pictures": "What all of a hundred images have in common is much of what all digits have "
    "in common, and much that is chance. Images that are turned and stretched anew each time leave "
    "less chance to learn.",
    "uneven-classes": "A network that never named a rare class would hardly be wrong more often. "
    "Look at each class by itself.",
    "momentum": "Momentum 0.97 adds up what thirty steps wanted, 0.9 what ten did. Together with "
    "the usual learning rate that is three times as far.",
    "small-set": "Nineteen times of twenty, the accuracy on very many such pictures lies between "
    "the two. Four times as many pictures halve the distance.",
    "weak-class": "The accuracy of all hides it. Look at these pictures: are they written in a way "
    "that the training images lack? Images that are turned and stretched anew each time show the "
    "network more ways to write.",
    "too-sure": "Trained until nearly every training image is right, a network goes on to make "
    "right answers surer, and wrong ones with them. With label smoothing it aims at 90 % in place "
    "of 100 %, which keeps confidences honest.",
    "breaks": "It has hardly met such images. Augmentation turns, shifts and stretches each "
    "training image a little, another way each time.",
    "tiny-batch": "The mean of four gradients is a rough guess of the direction; that of 64 is "
    "four times as exact, and takes hardly longer to compute.",
}
"""Why that is so, by ``sentence_id`` or, where all sentences of a kind share one, by ``kind``."""


def hint(sentence_id: str) -> str:
    """A diagnosis in plain words; those about the data come in words already."""
    return HINTS.get(sentence_id, sentence_id)


def reason(diagnosis: RunDiagnosis) -> str:
    """Why it is so, for who wants to know; empty where the words themselves say it."""
    return REASONS.get(diagnosis.sentence_id, REASONS.get(diagnosis.kind, ""))


def reason_of_exam_hint(hint: ExamHint) -> str:
    """The same of an exam."""
    return REASONS.get(hint.kind) or REASONS["breaks"]
