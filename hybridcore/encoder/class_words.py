"""The encoder's 1,000 object classes as the plain words that people use for them.

A word's probability is the sum over its classes, so a hundred breeds make one dog. Classes whose
word would be wrong more often than right in an everyday photograph (clothes, parts of things) are
left out.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

_CLASSES = """
fish 0-1 389-397 | shark 2-4 | ray 5-6 | chicken 7-8 | ostrich 9 | bird 10-20 80-86 91-96 127-129
131-143 146 | vulture 23 | eagle 21-22 | owl 24 | lizard 25-29 38-47 48 | frog 30-32 | turtle
33-37 | crocodile 49-50 | dinosaur 51 | snake 52-68 | scorpion 71 | spider 70 72-77 | insect 78-79
302-307 311-318 | parrot 87-90 | duck 97-98 | goose 99 | swan 100 | elephant 101 385-386 |
kangaroo 104 | koala 105 | jellyfish 107 | coral 108-109 973 | shell 112 117 | snail 113-114 |
crab 118-121 125 | lobster 122-124 | flamingo 130 | pelican 144 | penguin 145 | whale 147-148 |
seal 150 | dog 151-268 | wolf 269-272 | hyena 276 | fox 277-280 | cat 281-285 | cougar 286 | lynx
287 | leopard 288-290 | lion 291 | tiger 292 | cheetah 293 | bear 294-297 | meerkat 299 | beetle
300 | ladybug 301 | fly 308 | bee 309 | ant 310 | dragonfly 319-320 | butterfly 321-326 | starfish
327 | rabbit 330-332 | hamster 333 338 | porcupine 334 | squirrel 335 | beaver 337 | horse 339 |
zebra 340 | pig 341-343 | hippo 344 | cow 345 | buffalo 346-347 | sheep 348-349 | goat 350 |
antelope 351-353 | camel 354 | llama 355 | otter 360 | skunk 361 | monkey 365-382 | lemur 383-384
| panda 387-388 | accordion 401 | guitar 402 546 | airplane 404 895 | blimp 405 | ambulance 407 |
clock 409 531 892 530 826 | backpack 414 | bakery 415 | balloon 417 | barn 425 | baseball 429 |
basketball 430 | bathtub 435 876 | car 436 468 511 609 627 656 661 751 817 581 | lighthouse 437 |
beer 441 | bicycle 444 671 | bookshelf 453 | store 454 | broom 462 | castle 483 | boat 472 484 554
576 625 780 814 833 871 914 510 628 724 | cd-player 485 | cello 486 | phone 487 528 707 | chain
488 | church 497 | theater 498 819 | knife 499 | keyboard 508 | crane 517 | crib 520 516 | desk
526 | computer 527 782 664 | laptop 620 681 | table 532 | drum 541 | fan 545 | train 466 705 547
820 829 | flag 557 | flute 558 | fire-truck 555 | fountain 562 | bed 564 | frying-pan 567 | truck
569 675 717 864 867 | golf-ball 574 | piano 579 881 | store 582 | hair-dryer 589 | harp 594 |
tractor 595 866 | hay 958 | hourglass 604 | pumpkin 607 | lamp 846 619 | mower 621 | library 624 |
mailbox 637 | maze 646 | microphone 650 | microwave 651 | bus 654 779 874 | motorcycle 665 670 |
mosque 668 | mouse 673 | camera 732 759 | oven 827 | palace 698 | parachute 701 | bench 703 |
parking-meter 704 | fence 716 912 | ship 403 628 724 913 | pillow 721 | pitcher 725 | bag 728 748
636 797 | plate 923 | billiard-table 736 | vase 883 | printer 742 | refrigerator 760 | remote 761
| restaurant 762 | rifle 764 413 | rocking-chair 765 | ball 768 890 | sandals 774 | saxophone 776
| rocket 744 657 812 | screw 783 | ski 795 | snowmobile 802 | soccer-ball 805 | couch 831 | scale
778 | stethoscope 823 | bridge 821 839 888 | stove 827 | sunglasses 837 836 | swing 843 | teapot
849 | teddy-bear 850 | tv 851 598 | tennis-ball 852 | roof 853 | throne 857 | toaster 859 | toilet
861 | umbrella 879 | violin 889 | volleyball 890 | sink 896 | washing-machine 897 | bottle 440 898
907 | tower 900 437 | wall 825 | wine 966 572 | wok 909 | spoon 910 618 | bowl 659 809 | website
916 | book 917 921 | street-sign 919 | traffic-light 920 | soup 925 | ice-cream 928-929 | bread
930-931 | pretzel 932 | hamburger 933 | hotdog 934 | potato 935 | cabbage 936 | broccoli 937 |
vegetable 938-942 944 | cucumber 943 | pepper 945 | mushroom 947 991-996 | apple 948 | strawberry
949 | orange 950 | lemon 951 | fig 952 | pineapple 953 | banana 954 | fruit 955-957 | pasta 959 |
chocolate 960 | dough 961 | meat 962 | pizza 963 | pie 964 | burrito 965 | coffee 967 504 |
mountain 970 | bubble 971 | cliff 972 | lake 975 | beach 978 977 | valley 979 | volcano 980 |
flower 985-986 | corn 987 998 | typewriter 878 | tank 847 | chair 423 559 765 | cup 504 968 |
candle 470 | bucket 463 | barrel 427 756 | basket 790 | cart 428 791 | tray 868 | jeans 608 |
crate 519 | dock 718 | pot 738 | trombone 875 | tricycle 870 | radio 754 | temple 663 832 | arch
873 | helmet 518 560 | racket 752 | carousel 476 | mask 643 | cannon 471 | greenhouse 580 | iron
606 | hammer 587 | hat 515 808 | boot 514 | shoe 770 630 788 | tie 906 | wheel 479 | scoreboard
781 | binoculars 447 | dishwasher 534 | waffle 891 | tent 672 915 | geyser 974 | bathroom 794
"""


@cache
def class_groups() -> dict[str, tuple[int, ...]]:
    """Word -> its classes of :func:`hybridcore.encoder.labels.object_names`."""
    groups: dict[str, set[int]] = {}
    for entry in " ".join(_CLASSES.split()).split(" | "):
        word, *spans = entry.split()
        for span in spans:
            first, *last = map(int, span.split("-"))
            groups.setdefault(word, set()).update(range(first, (last or [first])[0] + 1))
    return {word: tuple(sorted(classes)) for word, classes in groups.items()}


def class_words(probabilities: NDArray[np.floating]) -> dict[str, NDArray[np.floating]]:
    """Each word's probability ``[N]`` from those of the classes ``[N, 1000]``."""
    return {
        word: probabilities[:, list(classes)].sum(1) for word, classes in class_groups().items()}
