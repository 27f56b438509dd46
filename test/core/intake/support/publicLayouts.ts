/**
 * Layouts of public sets of medical images, as their publishers lay them out: names of folders and files, headers and
 * cells as they are; the images are drawn, and there are only a few of them.
 */
import { createHash } from 'node:crypto';
import type { InitOptions } from '../../../../src/core/intake/init';

export interface PublicLayout {
  /** The set, and where its layout is described. */
  readonly name: string;
  /** Tables, by their paths. */
  readonly tables?: Readonly<Record<string, string>>;
  /** Paths of the images, and of masks and thumbnails among them. */
  readonly images: readonly string[];
  readonly options: Partial<InitOptions>;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
const padded = (value: number, digits: number): string => String(value).padStart(digits, '0');
const csv = (header: string, rows: readonly string[]): string => `${[header, ...rows].join('\n')}\n`;
/** Letters and digits that look drawn by lot, always the same. */
const hex = (k: number, digits: number): string =>
  createHash('sha256').update(String(k)).digest('hex').slice(0, digits);
const uid = (k: number): string => `1.2.826.0.1.3680043.8.498.${10_000_000 + k * 7_654_321}`;

const mura: PublicLayout = {
  name: 'MURA 1.1',
  images: range(24).map(
    (k) =>
      `MURA-v1.1/${k < 16 ? 'train' : 'valid'}/${k % 3 === 0 ? 'XR_HAND' : 'XR_WRIST'}/patient${padded(1 + (k >> 1), 5)}/study1_${(k >> 1) % 2 === 0 ? 'positive' : 'negative'}/image${1 + (k % 2)}.png`,
  ),
  options: { images: 'MURA-v1.1' },
};

const mimicImages = range(24).map((k) => ({
  subject: 10_000_032 + (k >> 2),
  study: 50_414_267 + (k >> 1) * 17,
  dicom: [8, 8, 8, 8, 8].map((digits, part) => hex(k * 5 + part, digits)).join('-'),
}));
const mimicStudies = mimicImages.filter((_, k) => k % 2 === 0);
const mimic: PublicLayout = {
  name: 'MIMIC-CXR-JPG 2.0',
  tables: {
    'mimic-cxr-2.0.0-chexpert.csv': csv(
      'subject_id,study_id,Atelectasis,Cardiomegaly,Consolidation,Edema,Enlarged Cardiomediastinum,Fracture,Lung Lesion,Lung Opacity,No Finding,Pleural Effusion,Pleural Other,Pneumonia,Pneumothorax,Support Devices',
      mimicStudies.map(
        ({ subject, study }, k) =>
          `${subject},${study},${k % 3 === 0 ? '1.0' : ''},${k % 4 === 0 ? '-1.0' : ''},,${k % 2 === 0 ? '0.0' : ''},,,,,${k % 3 === 1 ? '1.0' : ''},${k % 5 === 0 ? '1.0' : '0.0'},,,,`,
      ),
    ),
    'mimic-cxr-2.0.0-split.csv': csv(
      'dicom_id,study_id,subject_id,split',
      mimicImages.map(
        ({ dicom, study, subject }, k) =>
          `${dicom},${study},${subject},${k < 16 ? 'train' : k < 20 ? 'validate' : 'test'}`,
      ),
    ),
  },
  images: mimicImages.map(
    ({ subject, study, dicom }) => `files/p${String(subject).slice(0, 2)}/p${subject}/s${study}/${dicom}.jpg`,
  ),
  options: { csv: 'mimic-cxr-2.0.0-chexpert.csv' },
};

const padchest: PublicLayout = {
  name: 'PadChest',
  tables: {
    'PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv': csv(
      ',ImageID,ImageDir,StudyDate_DICOM,StudyID,PatientID,PatientBirth,PatientSex_DICOM,ViewPosition_DICOM,Projection,MethodProjection,Pediatric,Modality_DICOM,Manufacturer_DICOM,PhotometricInterpretation_DICOM,PixelRepresentation_DICOM,PixelAspectRatio_DICOM,SpatialResolution_DICOM,BitsStored_DICOM,WindowCenter_DICOM,WindowWidth_DICOM,Rows_DICOM,Columns_DICOM,XRayTubeCurrent_DICOM,Exposure_DICOM,ExposureInuAs_DICOM,ExposureTime,RelativeXRayExposure_DICOM,ReportID,Report,MethodLabel,Labels,Localizations,LabelsLocalizationsBySentence,labelCUIS,LocalizationsCUIS',
      range(24).map((k) => {
        const labels =
          k % 4 === 0
            ? "['normal']"
            : k % 4 === 1
              ? `"['pleural effusion', 'cardiomegaly']"`
              : k % 4 === 2
                ? "['cardiomegaly']"
                : "['pleural effusion']";
        return `${k},${21_684_032_000 + k * 977}_0${k % 5}-001-${100 + k}.png,${k % 3},20140915,${20_536_686_640 + (k >> 1)},${839_860_488_694 + (k >> 2) * 71},1930.0,${k % 2 === 0 ? 'F' : 'M'},POSTEROANTERIOR,${k % 2 === 0 ? 'PA' : 'L'},Manual review of DICOM fields,No,CR,ImagingDynamicsCompanyLtd,MONOCHROME2,0,,"0.194, 0.194",16,32767.0,65535.0,2000,2000,10,5.0,,,,4765777,sin hallazgo patologic edad .,Physician,${labels},[],"[['normal']]",[],[]`;
      }),
    ),
  },
  images: range(24).map((k) => `${k % 3}/${21_684_032_000 + k * 977}_0${k % 5}-001-${100 + k}.png`),
  options: { csv: 'PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv' },
};

const eyepacs: PublicLayout = {
  name: 'EyePACS (Kaggle, diabetic retinopathy)',
  tables: {
    'trainLabels.csv': csv(
      'image,level',
      range(24).map((k) => `${10 + (k >> 1) * 3}_${k % 2 === 0 ? 'left' : 'right'},${(k * k) % 5}`),
    ),
  },
  images: range(24).map((k) => `train/${10 + (k >> 1) * 3}_${k % 2 === 0 ? 'left' : 'right'}.jpeg`),
  options: { csv: 'trainLabels.csv' },
};

const oct: PublicLayout = {
  name: 'Kermany OCT 2017',
  images: ['CNV', 'DME', 'DRUSEN', 'NORMAL'].flatMap((name, c) => [
    ...range(6).map((k) => `OCT2017 /train/${name}/${name}-${1_016_042 + 13 * (k >> 1) + c}-${1 + k}.jpeg`),
    ...range(2).map((k) => `OCT2017 /test/${name}/${name}-${9_016_042 + k + c}-1.jpeg`),
  ]),
  options: { images: 'OCT2017 ' },
};

const covidRadiography: PublicLayout = {
  name: 'COVID-19 Radiography Database',
  images: ['COVID', 'Lung_Opacity', 'Normal', 'Viral Pneumonia'].flatMap((name) =>
    range(5).flatMap((k) => [
      `COVID-19_Radiography_Dataset/${name}/images/${name}-${k + 1}.png`,
      `COVID-19_Radiography_Dataset/${name}/masks/${name}-${k + 1}.png`,
    ]),
  ),
  options: { images: 'COVID-19_Radiography_Dataset' },
};

const breakHisKinds = [
  ['benign', 'adenosis', 'A'],
  ['benign', 'fibroadenoma', 'F'],
  ['malignant', 'ductal_carcinoma', 'DC'],
  ['malignant', 'lobular_carcinoma', 'LC'],
] as const;
const breakHis: PublicLayout = {
  name: 'BreakHis',
  images: breakHisKinds.flatMap(([kind, type, letters], t) =>
    range(2).flatMap((patient) => {
      const letter = kind === 'benign' ? 'B' : 'M';
      const slide = `14-${22_549 + 7 * t + patient}${patient === 0 ? 'AB' : 'CD'}`;
      return [40, 100, 200, 400].map(
        (zoom) =>
          `BreaKHis_v1/histology_slides/breast/${kind}/SOB/${type}/SOB_${letter}_${letters}_${slide}/${zoom}X/SOB_${letter}_${letters}-${slide}-${zoom}-001.png`,
      );
    }),
  ),
  options: { images: 'BreaKHis_v1' },
};

const patchCamelyon: PublicLayout = {
  name: 'PatchCamelyon (Kaggle)',
  tables: {
    'train_labels.csv': csv(
      'id,label',
      range(24).map((k) => `${hex(k, 40)},${k % 2}`),
    ),
  },
  images: [
    ...range(24).map((k) => `train/${hex(k, 40)}.tif`),
    ...range(5).map((k) => `test/${hex(100 + k, 40)}.tif`),
  ],
  options: { csv: 'train_labels.csv' },
};

const idc: PublicLayout = {
  name: 'Invasive ductal carcinoma patches (Kaggle)',
  images: range(5).flatMap((p) =>
    range(2).flatMap((label) =>
      range(3).map(
        (k) =>
          `IDC_regular_ps50_idx5/${8863 + p * 17}/${label}/${8863 + p * 17}_idx5_x${k * 50 + 1}_y${451 + k}_class${label}.png`,
      ),
    ),
  ),
  options: { images: 'IDC_regular_ps50_idx5' },
};

const cbisPath = (k: number): string =>
  `Mass-Training_P_${padded(1 + (k >> 1), 5)}_${k % 2 === 0 ? 'LEFT' : 'RIGHT'}_${k % 3 === 0 ? 'CC' : 'MLO'}/1.3.6.1.4.1.9590.100.1.2.${4221127222 + k * 31}/1.3.6.1.4.1.9590.100.1.2.${3423861942 + k * 77}/000000`;
const cbis: PublicLayout = {
  name: 'CBIS-DDSM, converted to PNG',
  tables: {
    'mass_case_description_train_set.csv': csv(
      'patient_id,breast_density,left or right breast,image view,abnormality id,abnormality type,mass shape,mass margins,assessment,pathology,subtlety,image file path,cropped image file path,ROI mask file path',
      range(26).map((row) => {
        // Two of the images have a second lesion.
        const k = row < 24 ? row : (row - 24) * 4;
        const shape = ['IRREGULAR', 'ARCHITECTURAL_DISTORTION', 'OVAL'][k % 3] ?? '';
        const pathology = ['MALIGNANT', 'BENIGN', 'BENIGN_WITHOUT_CALLBACK'][k % 3] ?? '';
        const file = cbisPath(k);
        return `P_${padded(1 + (k >> 1), 5)},${1 + (k % 4)},${k % 2 === 0 ? 'LEFT' : 'RIGHT'},${k % 3 === 0 ? 'CC' : 'MLO'},${row < 24 ? 1 : 2},mass,${shape},SPICULATED,${2 + (k % 4)},${pathology},${1 + (k % 5)},${file}.dcm,${file.replace('000000', '000001')}.dcm,${file.replace('000000', '000002')}.dcm`;
      }),
    ),
  },
  images: range(24).map((k) => `CBIS-DDSM/${cbisPath(k)}.png`),
  options: { csv: 'mass_case_description_train_set.csv' },
};

const medmnist: PublicLayout = {
  name: 'MedMNIST, saved as PNG (medmnist save)',
  tables: {
    'pneumoniamnist.csv': range(20)
      .map((k) => `${k < 12 ? 'TRAIN' : k < 16 ? 'VALIDATION' : 'TEST'},train${k}_${k % 2}.png,${k % 2}\n`)
      .join(''),
  },
  images: range(20).map((k) => `pneumoniamnist/train${k}_${k % 2}.png`),
  options: { csv: 'pneumoniamnist.csv' },
};

const shenzhen: PublicLayout = {
  name: 'Shenzhen tuberculosis',
  images: range(20).map((k) => `ChinaSet_AllFiles/CXR_png/CHNCXR_${padded(1 + k, 4)}_${k < 9 ? 0 : 1}.png`),
  options: { images: 'ChinaSet_AllFiles/CXR_png' },
};

const brainTumor: PublicLayout = {
  name: 'Brain Tumor MRI (Kaggle)',
  images: [
    ['glioma', 'gl'],
    ['meningioma', 'me'],
    ['notumor', 'no'],
    ['pituitary', 'pi'],
  ].flatMap(([name = '', short = '']) => [
    ...range(5).map((k) => `archive/Training/${name}/Tr-${short}_${padded(10 + k, 4)}.jpg`),
    ...range(2).map((k) => `archive/Testing/${name}/Te-${short}_${padded(10 + k, 4)}.jpg`),
  ]),
  options: { images: 'archive' },
};

const mammoImages = range(24).map((k) => ({ study: hex(k >> 2, 32), image: hex(1000 + k, 32), k }));
const vindrMammo: PublicLayout = {
  name: 'VinDr-Mammo, converted to PNG',
  tables: {
    'breast-level_annotations.csv': csv(
      'study_id,series_id,laterality,view_position,image_id,height,width,breast_birads,breast_density,split',
      mammoImages.map(
        ({ study, image, k }) =>
          `${study},${hex(500 + (k >> 2), 32)},${k % 4 < 2 ? 'L' : 'R'},${k % 2 === 0 ? 'CC' : 'MLO'},${image},3518,2800,BI-RADS ${1 + ((k >> 1) % 5)},DENSITY ${'ABCD'.charAt((k >> 2) % 4)},${k < 16 ? 'training' : 'test'}`,
      ),
    ),
  },
  images: mammoImages.map(({ study, image }) => `images/${study}/${image}.png`),
  options: { csv: 'breast-level_annotations.csv' },
};

const ovarian: PublicLayout = {
  name: 'UBC-OCEAN (Kaggle)',
  tables: {
    'train.csv': csv(
      'image_id,label,image_width,image_height,is_tma',
      range(20).map(
        (k) =>
          `${4 + k * 37},${['HGSC', 'LGSC', 'EC', 'CC', 'MC'][k % 5] ?? ''},${23_785 + k},${20_008 + k},${k % 7 === 0 ? 'True' : 'False'}`,
      ),
    ),
  },
  images: range(20).flatMap((k) => [
    `train_images/${4 + k * 37}.png`,
    ...(k % 7 === 0 ? [] : [`train_thumbnails/${4 + k * 37}_thumbnail.png`]),
  ]),
  options: { csv: 'train.csv' },
};

const knee: PublicLayout = {
  name: 'Knee Osteoarthritis (Chen 2018, Kaggle)',
  images: ['train', 'val', 'test', 'auto_test'].flatMap((part, p) =>
    range(5).flatMap((grade) =>
      range(p === 0 ? 4 : 2).map(
        (k) =>
          `KneeXrayData/${part}/${grade}/${9_001_695 + 100 * p + 10 * grade + (k >> 1)}${k % 2 === 0 ? 'L' : 'R'}.png`,
      ),
    ),
  ),
  options: { images: 'KneeXrayData' },
};

const odir: PublicLayout = {
  name: 'ODIR-5K (full_df.csv)',
  tables: {
    'full_df.csv': csv(
      'ID,Patient Age,Patient Sex,Left-Fundus,Right-Fundus,Left-Diagnostic Keywords,Right-Diagnostic Keywords,N,D,G,C,A,H,M,O,filepath,labels,target,filename',
      range(24).map((k) => {
        const patient = k >> 1;
        const at = patient % 8;
        const eye = k % 2 === 0 ? 'right' : 'left';
        const hot = range(8).map((column) => (column === at ? 1 : 0));
        return `${patient},${50 + patient},${patient % 2 === 0 ? 'Female' : 'Male'},${patient}_left.jpg,${patient}_right.jpg,cataract,normal fundus,${hot.join(',')},../input/ocular-disease-recognition-odir5k/ODIR-5K/Training Images/${patient}_${eye}.jpg,['${'NDGCAHMO'.charAt(at)}'],"[${hot.join(', ')}]",${patient}_${eye}.jpg`;
      }),
    ),
  },
  images: range(24).flatMap((k) => [
    `preprocessed_images/${k >> 1}_${k % 2 === 0 ? 'right' : 'left'}.jpg`,
    `ODIR-5K/Training Images/${k >> 1}_${k % 2 === 0 ? 'right' : 'left'}.jpg`,
  ]),
  options: { csv: 'full_df.csv' },
};

const padUfes: PublicLayout = {
  name: 'PAD-UFES-20',
  tables: {
    'metadata.csv': csv(
      'patient_id,lesion_id,smoke,drink,background_father,background_mother,age,pesticide,gender,skin_cancer_history,cancer_history,has_piped_water,has_sewage_system,fitspatrick,region,diameter_1,diameter_2,diagnostic,itch,grew,hurt,changed,bleed,elevation,img_id,biopsed',
      range(24).map((k) => {
        const yes = (n: number): string => ((k * n) % 3 === 0 ? 'True' : 'False');
        const person = `PAT_${1516 + (k >> 1)}`;
        return `${person},${1765 + k},${yes(1)},${yes(2)},POMERANIA,POMERANIA,${40 + k},${yes(4)},${k % 2 === 0 ? 'FEMALE' : 'MALE'},${yes(5)},${yes(7)},${yes(8)},${yes(10)},3.0,ARM,6.0,5.0,${['NEV', 'BCC', 'ACK', 'SEK', 'SCC', 'MEL'][k % 6] ?? ''},${yes(11)},${yes(13)},${yes(14)},${yes(16)},${yes(17)},${yes(19)},${person}_${1765 + k}_${546 + k}.png,${yes(20)}`;
      }),
    ),
  },
  images: range(24).map(
    (k) =>
      `images/imgs_part_${1 + (k % 3)}/imgs_part_${1 + (k % 3)}/PAT_${1516 + (k >> 1)}_${1765 + k}_${546 + k}.png`,
  ),
  options: { csv: 'metadata.csv' },
};

const lc25000: PublicLayout = {
  name: 'LC25000',
  images: [
    ['colon_image_sets', 'colon_aca', 'colonca'],
    ['colon_image_sets', 'colon_n', 'colonn'],
    ['lung_image_sets', 'lung_aca', 'lungaca'],
    ['lung_image_sets', 'lung_n', 'lungn'],
    ['lung_image_sets', 'lung_scc', 'lungscc'],
  ].flatMap(([organ = '', name = '', file = '']) =>
    range(5).map((k) => `lung_colon_image_set/${organ}/${name}/${file}${k + 1}.jpeg`),
  ),
  options: { images: 'lung_colon_image_set' },
};

const hemorrhages = ['epidural', 'intraparenchymal', 'intraventricular', 'subarachnoid', 'subdural', 'any'];
const rsnaHemorrhage: PublicLayout = {
  name: 'RSNA Intracranial Hemorrhage, converted to PNG',
  tables: {
    'stage_2_train.csv': csv(
      'ID,Label',
      range(12).flatMap((k) =>
        hemorrhages.map((name, f) => `ID_${hex(k, 9)}_${name},${(k + f) % 4 === 0 ? 1 : 0}`),
      ),
    ),
  },
  images: range(12).map((k) => `stage_2_train/ID_${hex(k, 9)}.png`),
  options: { csv: 'stage_2_train.csv' },
};

const fracAtlas: PublicLayout = {
  name: 'FracAtlas',
  tables: {
    'dataset.csv': csv(
      'image_id,hand,leg,hip,shoulder,mixed,hardware,multiscan,fractured,fracture_count,frontal,lateral,oblique',
      range(24).map(
        (k) =>
          `IMG${padded(k, 7)}.jpg,${k % 4 === 0 ? 1 : 0},${k % 4 === 1 ? 1 : 0},${k % 4 === 2 ? 1 : 0},${k % 4 === 3 ? 1 : 0},0,${k % 9 === 0 ? 1 : 0},${k % 2},${k % 3 === 0 ? 1 : 0},${k % 3 === 0 ? 1 + (k % 2) : 0},1,${k % 2},0`,
      ),
    ),
  },
  images: range(24).map(
    (k) => `images/${k % 3 === 0 ? 'Fractured' : 'Non_fractured'}/IMG${padded(k, 7)}.jpg`,
  ),
  options: { csv: 'dataset.csv' },
};

const ranzcr: PublicLayout = {
  name: 'RANZCR CLiP (Kaggle)',
  tables: {
    'train.csv': csv(
      'StudyInstanceUID,ETT - Abnormal,ETT - Borderline,ETT - Normal,NGT - Abnormal,NGT - Borderline,NGT - Incompletely Imaged,NGT - Normal,CVC - Abnormal,CVC - Borderline,CVC - Normal,Swan Ganz Catheter Present,PatientID',
      range(24).map((k) => {
        const bits = range(11).map((column) => ((k + column) % 5 === 0 ? 1 : 0));
        return `${uid(k)},${bits.join(',')},${hex(k >> 1, 9)}`;
      }),
    ),
  },
  images: [
    ...range(24).map((k) => `train/${uid(k)}.jpg`),
    ...range(4).map((k) => `test/${uid(100 + k)}.jpg`),
  ],
  options: { csv: 'train.csv' },
};

const kvasirKinds = [
  ['lower-gi-tract', 'anatomical-landmarks', 'cecum'],
  ['lower-gi-tract', 'anatomical-landmarks', 'retroflex-rectum'],
  ['lower-gi-tract', 'pathological-findings', 'polyps'],
  ['upper-gi-tract', 'anatomical-landmarks', 'pylorus'],
  ['upper-gi-tract', 'anatomical-landmarks', 'z-line'],
  ['upper-gi-tract', 'pathological-findings', 'barretts'],
] as const;
const kvasirName = (kind: number, k: number): string =>
  `${hex(kind * 10 + k, 8)}-${hex(k, 4)}-4${hex(kind, 3)}-b${hex(k, 3)}-${hex(kind * 10 + k, 12)}`;
const hyperKvasir: PublicLayout = {
  name: 'HyperKvasir, its folders',
  images: kvasirKinds.flatMap((folders, kind) =>
    range(5).map((k) => `labeled-images/${folders.join('/')}/${kvasirName(kind, k)}.jpg`),
  ),
  options: { images: 'labeled-images' },
};
const hyperKvasirTable: PublicLayout = {
  ...hyperKvasir,
  name: 'HyperKvasir, its table',
  tables: {
    'labeled-images/image-labels.csv': csv(
      'Video file,Organ,Finding,Classification',
      kvasirKinds.flatMap(([organ, classification, finding], kind) =>
        range(5).map(
          (k) =>
            `${kvasirName(kind, k)},${organ === 'lower-gi-tract' ? 'Lower GI' : 'Upper GI'},${finding},${classification}`,
        ),
      ),
    ),
  },
  options: { csv: 'labeled-images/image-labels.csv' },
};

export const publicLayouts = {
  mura,
  mimic,
  padchest,
  eyepacs,
  oct,
  covidRadiography,
  breakHis,
  patchCamelyon,
  idc,
  cbis,
  medmnist,
  shenzhen,
  brainTumor,
  vindrMammo,
  ovarian,
  knee,
  odir,
  padUfes,
  lc25000,
  rsnaHemorrhage,
  fracAtlas,
  ranzcr,
  hyperKvasir,
  hyperKvasirTable,
} as const;
