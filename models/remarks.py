"""Where torchvision's version of a model differs from its paper, and what its figures leave out."""

from __future__ import annotations

from collections.abc import Mapping

_BATCH_NORMALISATION = "A batch normalisation follows each convolution; the paper has none."
_STRIDE = (
    "torchvision strides in the 3x3 convolution of a bottleneck, the paper in the 1x1 before it "
    "(a version known as ResNet v1.5)."
)
_WIDTH = "The bottlenecks are twice as wide inside as ResNet's; their outputs are as wide."

# The image size must be a multiple of this number and be known when the model is built.
SIZE_STEPS: Mapping[str, int] = {
    "maxvit_t": 224,
    "vit_b_16": 16,
    "vit_b_32": 32,
    "vit_h_14": 14,
    "vit_l_16": 16,
    "vit_l_32": 32,
}

REMARKS: Mapping[str, tuple[str, ...]] = {
    "alexnet": (
        "torchvision follows the single-tower variant of One weird trick for parallelizing "
        "convolutional neural networks (Krizhevsky 2014, arXiv 1404.5997): 64, 192, 384, 256 and 256 "
        "channels, no groups, no local response normalisation; 61,100,840 parameters where the "
        "network of 2012 has 60,965,224.",
    ),
    "googlenet": (
        "Built with its auxiliary heads aux1 and aux2, as torchvision builds it: 13,004,888 parameters "
        "with them, 6,624,904 without. The published count leaves them out; they take no part in "
        "evaluation, so MACs leave them out too.",
        "torchvision's 5x5 branches have 3x3 kernels (a known slip that its weights depend on), and a "
        "batch normalisation follows each convolution; the paper has none.",
    ),
    "inception_v3": (
        "Built with its auxiliary head AuxLogits, as torchvision builds it: 27,161,264 parameters with "
        "it, 23,834,568 without. The published count includes it; it takes no part in evaluation, so "
        "MACs leave it out.",
    ),
    "resnet50": (_STRIDE,),
    "resnet101": (_STRIDE,),
    "resnet152": (_STRIDE,),
    "squeezenet1_1": (
        "A revision by the authors that is not in the paper: 0.349 GMACs where SqueezeNet 1.0 needs 0.819.",
    ),
    "vgg11_bn": (_BATCH_NORMALISATION,),
    "vgg13_bn": (_BATCH_NORMALISATION,),
    "vgg16_bn": (_BATCH_NORMALISATION,),
    "vgg19_bn": (_BATCH_NORMALISATION,),
    "wide_resnet50_2": (_WIDTH,),
    "wide_resnet101_2": (_WIDTH,),
}
